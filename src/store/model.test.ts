import { describe } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistryStore } from '../operations/world.ts'
import { describeModelling } from './contract/modelling.ts'
import { times } from './history/length.ts'
import { openSqliteStore } from './sqlite.ts'

describe('the SQLite store', () => {
  describeModelling(
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'iza-ports-model-'))
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
    },
    times(30, 300),
  )
})
