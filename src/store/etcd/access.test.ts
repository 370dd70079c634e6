import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { commit, problemOf, putService } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { ask, binaries, startCluster } from './etcd.fixture.ts'
import type { Cluster } from './etcd.fixture.ts'
import { encoded } from './wire.ts'

setDefaultTimeout(60_000)
const secret = 'p:ss@w/rd?ü'

for (const { name, path } of binaries) {
  describe.skipIf(path === null)(name, () => {
    let cluster: Cluster
    const endpoint = (): string => cluster.members[0]?.endpoint ?? ''
    const as = (user: string, password: string): string =>
      cluster.url('team').replace('://', `://${user}:${encodeURIComponent(password)}@`)
    const asRoot = async (path_: string, body: unknown): Promise<void> => {
      const { token } = (await ask(endpoint(), '/v3/auth/authenticate', { name: 'root', password: secret })) ?? {}
      expect(await ask(endpoint(), path_, body, String(token))).not.toBeNull()
    }
    beforeAll(async () => {
      cluster = await startCluster(path ?? '', 1)
      const perm = { permType: 'READWRITE', key: encoded('team/'), range_end: encoded('team0') }
      for (const [call, body] of [
        ['user/add', { name: 'root', password: secret }],
        ['role/add', { name: 'root' }],
        ['user/grant', { user: 'root', role: 'root' }],
        ['user/add', { name: 'kim', password: secret }],
        ['role/add', { name: 'team' }],
        ['role/grant', { name: 'team', perm }],
        ['user/grant', { user: 'kim', role: 'team' }],
        ['enable', {}],
      ] as const) {
        expect(await ask(endpoint(), `/v3/auth/${call}`, body)).not.toBeNull()
      }
    })
    afterAll(async () => cluster?.dispose())

    test('works as a user who may only use the prefix, also when tokens were forgotten or users were changed meanwhile', async () => {
      const store = openEtcdStore(as('kim', secret))
      expect(store.place).not.toContain('kim')
      await commit(store, putService('A'))
      await asRoot('/v3/auth/user/add', { name: 'lee', password: 'x' })
      await commit(store, putService('B'))
      await cluster.members[0]?.kill('SIGTERM')
      await cluster.members[0]?.start()
      await commit(store, putService('C'))
      expect((await store.read()).services.map((service) => service.name)).toEqual(['A', 'B', 'C'])
      const abort = new AbortController()
      for await (const event of store.watch(2, abort.signal)) {
        expect(event.revision).toBe(3)
        abort.abort()
      }
      await store.close()
    })

    test('says that the password is wrong without showing it', async () => {
      const store = openEtcdStore(as('kim', 'wr0ng-one'))
      for (const attempt of [store.read(), commit(store, putService('A'))]) {
        const problem = await problemOf(attempt)
        expect(problem.code).toBe('unavailable')
        expect(problem.message).toContain('user and password')
        expect(JSON.stringify(problem.report())).not.toMatch(/wr0ng|kim/)
      }
      await store.close()
    })

    test('says that a user may not use another prefix', async () => {
      const store = openEtcdStore(as('kim', secret).replace('/team', '/other'))
      expect((await problemOf(store.read())).message).toContain('may not')
      await store.close()
    })

    test('says what is there when it is not etcd, and that nobody is there', async () => {
      const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('hello') })
      const store = openEtcdStore(`etcd://127.0.0.1:${server.port}/x`)
      expect((await problemOf(store.read())).message).toContain('is not etcd')
      await server.stop(true)
      expect((await problemOf(store.read())).message).toContain('nobody answers')
      await store.close()
    })
  })
}
