import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, commit, doubt, hold, problemOf, putService, reclaim } from '../contract/changes.ts'
import { sessionOf } from '../contract/sessions.ts'
import { openEtcdStore } from '../etcd.ts'
import { ask, binaries, startCluster } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(`sessions on ${name}`, () => {
    let cluster: Cluster | null = null
    const opened: RegistryStore[] = []
    const open = (prefix: string): { store: RegistryStore; url: string } => {
      const url = cluster?.url(prefix) ?? ''
      const store = openEtcdStore(url)
      opened.push(store)
      return { store, url }
    }
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 1, true)
    }, 30_000)
    afterAll(async () => {
      for (const store of opened) await store.close()
      await cluster?.dispose()
    })

    test('a lease is on the key of a session and on no other', async () => {
      const { store } = open('leases')
      await store.openSession(sessionOf('s'))
      await commit(store, putService('A'), { ...allocate('A', [3000], { id: 'a', session: 's' }) })
      await commit(store, hold('a', 1, null))
      await commit(store, hold('a', 2, 's'))
      const keys = { key: btoa('leases/'), range_end: btoa('leases0') }
      const answer = await ask(cluster?.members[0]?.endpoint ?? '', '/v3/kv/range', keys)
      const rows = (answer?.kvs ?? []) as { key: string; lease?: string }[]
      expect(rows.length).toBeGreaterThan(6)
      expect(rows.filter(({ lease }) => lease !== undefined).map(({ key }) => atob(key))).toEqual(['leases/sessions/s'])
    })

    test('a holder that was stopped past its TTL is fenced out, and its claim was nobody else’s meanwhile', async () => {
      const { store, url } = open('stopped')
      const claim = allocate('A', [3000], { id: 'a' })
      await commit(store, putService('A'), putService('B'), { ...claim, kind: 'claim' } as typeof claim)
      const program = fileURLToPath(new URL('./children/holder.ts', import.meta.url))
      const child = Bun.spawn([process.execPath, program, url], { stdout: 'pipe', stderr: 'inherit' })
      const reader = child.stdout.getReader()
      const line = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value)
      expect(await line()).toBe('held\n')
      child.kill('SIGSTOP')
      while ((await store.sessions()).length > 0) await Bun.sleep(100)
      expect((await problemOf(commit(store, reclaim('a', 2)))).code).toBe('standing-refused')
      expect((await problemOf(commit(store, allocate('B', [3000])))).code).toBe('conflict')
      await commit(store, doubt('a', 2, 'holder'))
      child.kill('SIGCONT')
      expect(await line()).toBe('session-lost\n')
      await child.exited
      expect((await problemOf(commit(store, hold('a', 2, null)))).code).toBe('fenced')
    }, 60_000)
  })
}
