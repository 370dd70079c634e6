import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { binaries, startCluster } from '../../src/store/etcd/etcd.fixture.ts'
import type { Cluster } from '../../src/store/etcd/etcd.fixture.ts'
import { Person, binary } from '../ports.fixture.ts'
import type { Ran } from '../ports.fixture.ts'

interface Claims {
  looked: boolean
  claims: { name: string; service: string; port: number; host: string; here: boolean }[]
}

const [{ name, path } = { name: 'etcd', path: null }] = binaries

/** Two machines' worth of people: each with a home, a name and a workspace at the same path of its home, and one registry on etcd. */
describe.skipIf(path === null)(`two machines with one registry on ${name}`, () => {
  let cluster: Cluster
  const machine = (host: string): Person => {
    const person = new Person({ IZA_PORTS_HOST: host })
    mkdirSync(join(person.home, 'shop/.git'), { recursive: true })
    return person
  }
  const [db1, db2] = [machine('db1'), machine('db2')]
  beforeAll(async () => {
    cluster = await startCluster(path ?? '', 1, true)
    for (const { environment } of [db1, db2]) environment.IZA_PORTS_STORE = cluster.url('iza')
  }, 60_000)
  afterAll(async () => cluster?.dispose())
  const shop = (person: Person, ...words: string[]): Promise<Ran> =>
    person.run([binary, ...words], join(person.home, 'shop'))
  const claims = async (person: Person, ...words: string[]): Promise<Claims> => {
    const { out } = await shop(person, 'claims', '--json', ...words)
    return JSON.parse(out) as Claims
  }

  test('see the claims of each other, and each has its own ports', async () => {
    await shop(db1, 'reserve', 'Grafana', '3005')
    const first = await shop(db1, 'claim', 'web')
    expect([first.code, first.err]).toEqual([0, ''])
    const seen = await claims(db2, '--host', 'db1')
    expect(seen).toMatchObject({
      looked: false,
      claims: [{ name: 'web', port: Number(first.out), host: 'db1', here: false }],
    })
    expect((await shop(db2, 'claims', '--host', 'db1')).out).toContain('Who listens on db1 cannot be seen from here.')
    expect((await claims(db2)).claims).toEqual([])
    // A port of another host is free on this one.
    expect((await shop(db2, 'claim', 'web', '--prefer', first.out.trim())).out).toBe(first.out)
    expect((await shop(db1, 'release', 'web')).code).toBe(0)
    expect((await claims(db2, '--host', 'db1')).claims).toEqual([])
    expect((await claims(db2)).claims).toHaveLength(1)
  })

  test('status, list and who of the other host tell what was promised there and no verdict', async () => {
    const { out } = await shop(db2, 'status', '--host', 'db1')
    expect(out).toMatch(/3005 +Grafana/)
    expect(out).toContain(
      "1 service on db1 · 0 findings · its listeners are not looked at from here: type 'ports' on db1",
    )
    const board = JSON.parse((await shop(db2, 'status', '--host', 'db1', '--json')).out) as object
    expect(board).toMatchObject({
      host: 'db1',
      looked: false,
      services: [{ name: 'Grafana', verdict: null }],
      strays: [],
    })
    expect((await shop(db2, 'list', '--host', 'db1')).out).toContain('3005/tcp')
    expect((await shop(db2, 'who', '3005', '--host', 'db1')).out).toBe(
      '3005 belongs to Grafana.\nWho listens on db1 cannot be seen from here.\n',
    )
    const told = JSON.parse((await shop(db2, 'who', 'Grafana', '--host', 'db1', '--json')).out) as object
    expect(told).toMatchObject({
      host: 'db1',
      looked: false,
      ports: [{ port: 3005, allocations: [{ service: 'Grafana', host: 'db1', verdict: null }], localhost: null }],
    })
    const asked = await shop(db2, 'who', '3005', '--host', 'db1', '--handshake')
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('only servers of this machine are asked')])
    expect((await shop(db2, 'list')).out).not.toContain('Grafana')
  })

  test('reserve, move, claim and release work for the other host, and a typo of its name is told', async () => {
    await shop(db2, 'reserve', 'Loki', '3100', '--host', 'db1')
    await shop(db2, 'move', 'Loki', '3101', '--host', 'db1')
    expect((await shop(db1, 'list')).out).toContain('3101/tcp')
    const claimed = await shop(db2, 'claim', 'api', '--host', 'db1')
    expect(claimed.err).toBe('ports: free in the registry; what listens on db1 cannot be seen from db2\n')
    // The workspace at the same path on db1 is another one.
    expect((await claims(db1)).claims).toMatchObject([{ name: 'api', port: Number(claimed.out), here: false }])
    expect((await shop(db1, 'release', claimed.out.trim())).err).toContain('is claimed by workspace@db2:')
    // Only db1 sees who listens there; the folder on db2 is none of its business.
    expect((await shop(db1, 'gc', '--yes')).out).toContain(
      'api @ db2:~/shop: nobody uses it; seen unused 1 of 3 times\n',
    )
    expect((await shop(db2, 'release', 'api', '--host', 'db1')).code).toBe(0)
    const typo = await shop(db2, 'list', '--host', 'bd1')
    expect([typo.code, typo.err]).toEqual([2, "ports: the registry knows no host called 'bd1'\nDid you mean 'db1'?\n"])
    for (const host of ['', '*', 'a\u001bb'])
      expect((await shop(db2, 'list', '--host', host)).err).toContain('cannot name a host')
  })

  test('a claim for the fleet is one port that nobody else gets on any host, also on one that joins later', async () => {
    const words = ['claim', 'metrics', '--scope', 'fleet', '--owner', 'platform']
    const claimed = await shop(db1, ...words)
    const port = claimed.out.trim()
    expect(claimed.err).toBe(
      'ports: free in the registry and on db1; what listens on other hosts cannot be seen from here\n',
    )
    // The name alone is nobody: whoever has the token of the owner is the owner, on every machine.
    expect((await shop(db2, ...words)).err).toContain('token')
    const token = (await shop(db1, 'token', '--owner', 'platform')).out.trim()
    db2.environment.IZA_PORTS_TOKEN = token
    expect(await shop(db2, ...words)).toEqual({ code: 0, out: claimed.out, err: '' })
    for (const host of ['db1', 'db2', 'joins-later']) {
      const refused = await shop(db2, 'reserve', 'Mine', port, '--host', host)
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('it belongs to metrics @ platform')])
      expect((await shop(db1, 'claim', 'x', '--host', host, '--prefer', port)).out).not.toBe(claimed.out)
    }
    expect((await shop(db2, 'list')).out).toContain('metrics @ platform (on every host)')
    expect((await claims(db2)).claims.filter(({ host }) => host === '*')).toHaveLength(1)
    for (const person of [db1, db2]) expect((await shop(person, 'gc')).out).not.toContain('metrics')
    const both = await shop(db2, 'claim', 'x', '--scope', 'fleet', '--host', 'db1')
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('the fleet is every host')])
    expect((await shop(db2, 'release', 'metrics', '--scope', 'fleet')).code).not.toBe(0)
    delete db2.environment.IZA_PORTS_TOKEN
    const refused = await shop(db2, 'release', 'metrics', '--scope', 'fleet', '--owner', 'platform')
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('IZA_PORTS_TOKEN')])
    db2.environment.IZA_PORTS_TOKEN = token
    expect((await shop(db2, 'release', 'metrics', '--scope', 'fleet', '--owner', 'platform')).code).toBe(0)
    delete db2.environment.IZA_PORTS_TOKEN
    expect((await shop(db2, 'reserve', 'Mine', port)).code).toBe(0)
    expect((await shop(db1, 'claim', 'other', '--scope', 'fleet', '--prefer', port)).out).not.toBe(claimed.out)
  })

  test('what a workspace has on every host stands among its variables and on each board, and gc of another host is refused', async () => {
    const own = (await shop(db1, 'claim', 'queue')).out.trim()
    const fleet = (await shop(db1, 'claim', 'bus', 'queue', '--scope', 'fleet', '--format', 'json')).out
    const { bus } = JSON.parse(fleet) as { bus: number }
    const variables = (await shop(db1, 'env')).out.split('\n')
    expect(variables).toContain(`BUS_PORT=${bus}`)
    // The name is claimed twice, and what is this machine's own comes first.
    expect(variables.filter((line) => line.startsWith('QUEUE_PORT'))).toEqual([`QUEUE_PORT=${own}`])
    await shop(db1, 'env', '--write', '.env.local')
    expect(readFileSync(join(db1.home, 'shop/.env.local'), 'utf8')).toContain(`BUS_PORT=${bus}\n`)
    // The same path on the other machine is another workspace.
    expect((await shop(db2, 'env')).out).not.toContain('BUS_PORT')

    const row = new RegExp(`${bus} +bus @ db1:~/shop \\(on every host\\)`)
    for (const words of [['status'], ['status', '--host', 'db2']]) expect((await shop(db1, ...words)).out).toMatch(row)
    const board = JSON.parse((await shop(db2, 'status', '--host', 'db1', '--json')).out) as {
      services: { name: string; host: string }[]
    }
    const hostOf = new Map(board.services.map(({ name: service, host }) => [service, host]))
    expect([hostOf.get('bus @ db1:~/shop'), hostOf.get('queue @ ~/shop')]).toEqual(['*', 'db1'])

    const before = await claims(db2, '--host', 'db1')
    for (const words of [['gc'], ['gc', '--yes']]) {
      const refused = await shop(db2, ...words, '--host', 'db1')
      expect([refused.code, refused.out, refused.err]).toEqual([
        2,
        '',
        'ports: which claims of db1 nobody uses can only be seen on db1, and this is db2: nothing was looked at or freed\n' +
          "Type 'ports gc' on db1. 'ports claims --host db1' shows what is claimed there, and 'ports release --id ID' frees what you know to be unused.\n",
      ])
    }
    expect(await claims(db2, '--host', 'db1')).toEqual(before)
    expect((await shop(db2, 'gc', '--host', 'bd1')).err).toContain("Did you mean 'db1'?")
    expect((await shop(db1, 'gc', '--host', 'db1')).code).toBe(0)
  })

  test('a registry is copied from SQLite to etcd and back with ids and owners, and its fences only grow', async () => {
    const file = `sqlite://${db1.home}/local.db`
    const away = cluster.url('copied')
    const on = async (store: string): Promise<{ id: string; fence: number; owner: string | null }[]> => {
      const copy = join(db1.home, 'looked-at.json')
      expect((await shop(db1, 'backup', copy, '--store', store)).code).toBe(0)
      const { allocations } = JSON.parse(readFileSync(copy, 'utf8')) as {
        allocations: { id: string; fence: number; owner: string | null }[]
      }
      return allocations
    }
    const withoutFence = (rows: { id: string; owner: string | null }[]): unknown[] =>
      rows.map(({ id, owner }) => [id, owner])
    for (const words of [
      ['reserve', 'A', '3000'],
      ['claim', 'web'],
      ['claim', 'all', '--scope', 'fleet'],
      ['move', 'A', '3001'],
    ])
      expect((await shop(db1, ...words, '--store', file)).code).toBe(0)
    const original = await on(file)
    const tried = await shop(db1, 'store', 'copy', file, away, '--dry-run')
    expect([tried.code, tried.out]).toEqual([0, expect.stringContaining('would hold what')])
    expect(await on(away)).toEqual([])
    const copied = await shop(db1, 'store', 'copy', file, away)
    expect([copied.code, copied.out]).toEqual([0, expect.stringContaining('3 services, 3 ports')])
    const there = await on(away)
    expect(withoutFence(there)).toEqual(withoutFence(original))
    const highest = Math.max(...original.map(({ fence }) => fence))
    expect(there.every(({ fence }) => fence > highest)).toBe(true)
    expect((await shop(db1, 'claim', 'web', '--store', away)).out).toBe(
      (await shop(db1, 'claim', 'web', '--store', file)).out,
    )

    const refused = await shop(db1, 'store', 'copy', away, file)
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('is not empty (3 services), and nothing was changed'),
    ])
    expect(await on(file)).toEqual(original)
    expect((await shop(db1, 'store', 'copy', away, file, '--yes')).code).toBe(0)
    const back = await on(file)
    expect(withoutFence(back)).toEqual(withoutFence(original))
    expect(Math.min(...back.map(({ fence }) => fence))).toBeGreaterThan(Math.max(...there.map(({ fence }) => fence)))
  })

  test('one that is gone is one clear error, and nothing is done', async () => {
    await cluster.members[0]?.kill('SIGKILL')
    for (const words of [['claim', 'late'], ['list'], ['status', '--host', 'db1']]) {
      const { code, out, err } = await shop(db1, ...words)
      expect([code, out]).toEqual([3, ''])
      expect(err).toMatch(/^ports: the registry etcd:\/\/\S+ cannot be reached, and nothing was changed: .+\n.+\n$/)
    }
  })
})
