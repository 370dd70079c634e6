import { expect, test } from 'bun:test'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary, seed } from '../ports.fixture.ts'

const person = new Person()
const file = join(person.home, 'monday.json')
const list = async (): Promise<unknown[]> => (await person.json<{ services: unknown[] }>('list')).services

test('a backup brings everything back, asks before it replaces, and says what it would do', async () => {
  await person.ports('import', seed)
  const before = await list()
  const { code, out } = await person.ports('backup', 'monday.json')
  expect([code, out]).toEqual([0, `${file} holds 40 services and 40 ports, as of revision 1.\n`])
  expect(statSync(file).mode & 0o777).toBe(0o600)

  await person.ports('release', 'Grafana')
  await person.ports('reserve', 'Intruder', '9999')
  const refused = await person.ports('restore', 'monday.json')
  expect([refused.code, refused.out]).toEqual([1, ''])
  expect(refused.err).toContain('is not empty (40 services), and nothing was changed')
  const tried = await person.ports('restore', 'monday.json', '--dry-run')
  expect([tried.code, tried.out]).toEqual([
    0,
    expect.stringMatching(/would hold what .+: 8 ranges, 40 services, 40 ports/),
  ])
  expect(await list()).not.toEqual(before)

  expect((await person.ports('restore', 'monday.json', '--yes')).code).toBe(0)
  expect(new Set((await list()).map((row) => JSON.stringify(row)))).toEqual(
    new Set(before.map((row) => JSON.stringify(row))),
  )
})

test('a file that is no whole backup is refused, and the registry stays as it is', async () => {
  const before = await list()
  const text = readFileSync(file, 'utf8')
  const row = JSON.parse(text) as { allocations: { port: number }[] }
  for (const [content, words] of [
    ['', 'JSON'],
    [text.slice(0, -300), 'JSON'],
    ['{"backup": 2}', 'backup: '],
    [text.replace('"port": 3000', '"port": 70000'), 'port'],
    [text.replace('"name": "Grafana"', '"name": "a\\u001b[31mb"'), 'control characters'],
    [JSON.stringify({ ...row, more: 1 }), 'more'],
  ] as const) {
    writeFileSync(join(person.home, 'bad.json'), content)
    const { code, out, err } = await person.ports('restore', 'bad.json', '--yes')
    expect([words, code, out]).toEqual([words, 2, ''])
    expect(err).toContain('bad.json is not a whole backup: ')
    expect(err).toContain(words)
  }
  // The same port twice: the store itself refuses, and nothing of the commit happened.
  const [first, second] = row.allocations
  writeFileSync(
    join(person.home, 'bad.json'),
    JSON.stringify({ ...row, allocations: [first, { ...second, port: first?.port }] }),
  )
  const twice = await person.ports('restore', 'bad.json', '--yes')
  expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('belongs to')])
  expect(await list()).toEqual(before)
  expect((await person.ports('restore', 'nowhere.json')).code).toBe(2)
})

test('tokens, ends and what was accepted come back, also in an empty registry, and the session of a run stays behind', async () => {
  await person.ports('accept', 'out-of-range', 'FastAPI', '--why', 'its users know it there')
  await person.ports('claim', 'web', '--owner', 'ci', '--ttl', '2h')
  const token = (await person.ports('token', '--owner', 'ci')).out.trim()
  const copy = join(person.home, 'copy.json')
  expect((await person.ports('run', '--name', 'srv', '--', binary, 'backup', copy)).code).toBe(0)
  const content = JSON.parse(readFileSync(copy, 'utf8')) as Record<string, Record<string, unknown>[]>
  expect(content.rulings).toMatchObject([{ rule: 'out-of-range', why: 'its users know it there' }])
  const claim = content.allocations?.find(({ service }) => service === 'web @ ci')
  expect(claim).toMatchObject({ owner: 'ci', begun: { boot: expect.any(String) }, tokenHash: expect.any(String) })
  expect(readFileSync(copy, 'utf8')).not.toContain(token)
  expect(content.allocations?.some((one) => 'session' in one)).toBe(false)

  const other = new Person()
  expect((await other.ports('restore', copy)).code).toBe(0)
  const again = join(other.home, 'again.json')
  expect((await other.ports('backup', again)).code).toBe(0)
  const back = JSON.parse(readFileSync(again, 'utf8')) as typeof content
  const withoutFence = (rows: Record<string, unknown>[] = []): unknown[] => rows.map((row) => ({ ...row, fence: 0 }))
  expect(withoutFence(back.allocations)).toEqual(withoutFence(content.allocations))
  for (const rows of ['ranges', 'services', 'resolutions', 'rulings']) expect(back[rows]).toEqual(content[rows])
  // Whoever has the token is the owner there as well, and the name alone is nobody.
  const release = ['release', 'web', '--owner', 'ci', '--host', String(claim?.host)]
  expect((await other.ports(...release)).err).toContain('IZA_PORTS_TOKEN')
  other.environment.IZA_PORTS_TOKEN = token
  expect(await other.ports(...release)).toMatchObject({ code: 0 })
})
