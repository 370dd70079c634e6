import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistryStore } from '../operations/world.ts'
import { openMemoryStore } from './memory.ts'
import { openSqliteStore } from './sqlite.ts'
import { describeStore } from './store.contract.ts'

describeStore('the memory store', async () => {
  const store = openMemoryStore()
  return { store, beside: () => store, dispose: () => store.close() }
})

describeStore('the SQLite store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'iza-ports-store-'))
  const opened: RegistryStore[] = []
  const open = (): RegistryStore => {
    const store = openSqliteStore({ path: join(folder, 'registry.db'), host: 'box' })
    opened.push(store)
    return store
  }
  const dispose = async (): Promise<void> => {
    for (const store of opened) await store.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { store: open(), beside: open, dispose }
})
