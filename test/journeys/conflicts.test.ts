import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary, seed, serverCommand } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

interface Found {
  rule: string
  severity: string
  services: string[]
  line: number | null
}
interface Checked {
  findings: Found[]
  accepted: { rule: string; services: string[]; why: string }[]
}
interface Planned {
  steps: { action: string; service: string; from: number; to: number; why: string }[]
  left: { service: string; why: string }[]
  running: { service: string; holders: { pid: number }[] }[]
  applied: boolean
}

const person = new Person()
const loud = ({ findings }: Checked): string[] =>
  findings.filter(({ severity }) => severity !== 'notice').map(({ rule, services }) => `${rule} ${services[0]}`)

test('a document is checked before it is imported, with the line of each finding', async () => {
  const { code, out } = await person.ports('check', seed, '--format', 'github')
  expect(code).toBe(1)
  expect(out).toContain(`::error file=${seed},line=102,title=contradicted-resolution::AnythingLLM is recorded`)
  const { findings } = await person.json<Checked>('check', seed)
  expect(findings.every(({ line }) => line !== null)).toBe(true)
  const sarif = JSON.parse((await person.ports('check', seed, '--format', 'sarif')).out)
  expect(sarif.runs[0].results).toHaveLength(findings.length)
  expect((await person.ports('check', seed, '--format', 'xml')).code).toBe(2)
})

test('resolve shows a plan and changes nothing until it is told to', async () => {
  await person.ports('import', seed)
  const before = (await person.ports('export')).out
  const { out, code } = await person.ports('resolve')
  expect(code).toBe(0)
  expect(out).toContain('10 steps would be made, 4 moves among them:')
  expect(out).toContain('register AnythingLLM on 8007 because 3001 belongs to IZA OS API Gateway')
  expect((await person.ports('export')).out).toBe(before)
  const preferred = await person.json<Planned>('resolve', '--prefer', 'AnythingLLM', '--keep', 'Zapier')
  expect(preferred.steps.find(({ service }) => service === 'IZA OS API Gateway')).toMatchObject({
    from: 3001,
    to: 3007,
  })
  expect(preferred.left).toMatchObject([{ service: 'Zapier', why: 'it was asked to stay' }])
  const asked = await person.json<Planned>('resolve', '--to', 'Flask=4005', '--to', 'AnythingLLM=8050')
  expect(asked.steps).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ service: 'Flask', to: 4005 }),
      expect.objectContaining({ service: 'AnythingLLM', to: 8050 }),
    ]),
  )
})

test('what resolve cannot take is refused, saying who is in the way', async () => {
  const taken = await person.ports('resolve', '--to', 'Flask=3000')
  expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('it belongs to IZA OS Main Dashboard')])
  expect((await person.ports('resolve', '--to', 'Flask')).err).toContain('write SERVICE=PORT')
  expect((await person.ports('resolve', '--to', 'Flask=0')).code).toBe(2)
  expect((await person.ports('resolve', '--keep', 'Flasc')).err).toContain("Did you mean 'Flask'?")
})

test('resolve --apply ends every error and warning at once, and writes down each move with its reason', async () => {
  const before = await person.json<{ revision: number }>('status')
  expect(await person.json<Planned>('resolve', '--apply')).toMatchObject({ applied: true, left: [] })
  const checked = await person.json<Checked>('check')
  expect(loud(checked)).toEqual([])
  expect(checked.accepted.map(({ services }) => services[0])).toContain('Logstash')
  expect((await person.ports('check', '--strict')).code).toBe(0)
  expect((await person.json<{ revision: number }>('status')).revision).toBe(before.revision + 1)
  const { out } = await person.ports('export')
  expect(out).toMatch(
    /- \*\*Zapier\*\*: Moved from port 8085 to port 8101 because 8085 lies in AI & LLM Services \(\d{4}-/,
  )
  expect(out).toMatch(/\| AnythingLLM \(Resolved\) \| 8007 \|/)
  expect((await person.ports('resolve')).out).toBe('There is nothing to resolve.\n')
})

for (const format of ['markdown', 'json', 'yaml']) {
  test(`what was accepted goes out as ${format}, and the document says by itself that nothing is wrong`, async () => {
    await person.ports('accept', 'out-of-range', '--every', '--why', 'their users | expect them *there*')
    const file = `${person.home}/ports.${format === 'markdown' ? 'md' : format}`
    await person.ports('export', '--format', format, '--file', file)
    const alone = await person.json<Checked>('check', file)
    expect(alone.findings.map(({ severity }) => severity)).toEqual([])
    expect((await person.ports('check', file, '--strict')).code).toBe(0)
    if (format === 'markdown')
      expect(await Bun.file(file).text()).toContain('an audit of this document finds: 0 errors, 0 warnings, 0 notices.')
    const other = new Person()
    await other.ports('import', file)
    expect(loud(await other.json<Checked>('check'))).toEqual([])
    expect((await other.json<Checked>('check')).accepted.length).toBe(alone.accepted.length)
    expect((await other.ports('export', '--format', format)).out).toBe(await Bun.file(file).text())
    expect(await other.json('import', file)).toMatchObject({ changes: 0 })
  })
}

test('undo takes the last change back, again and again, and says what it would do', async () => {
  const other = new Person()
  expect((await other.ports('undo')).err).toContain('no change of')
  await other.ports('import', seed)
  const before = (await other.ports('export')).out
  await other.ports('resolve', '--apply')
  const after = (await other.ports('export')).out
  const dry = await other.json<{ revision: number; plan: string[] }>('undo', '--dry-run')
  expect(dry).toMatchObject({ revision: 2, plan: expect.arrayContaining(['move Zapier to 8085']) })
  expect((await other.ports('export')).out).toBe(after)
  expect((await other.json<{ plan: string[] }>('undo')).plan).toEqual(dry.plan)
  expect((await other.ports('export')).out).toBe(before)
  await other.ports('undo')
  // What comes back comes to the end of its list, so the lines are the same and their order need not be.
  expect((await other.ports('export')).out.split('\n').toSorted()).toEqual(after.split('\n').toSorted())
  expect(loud(await other.json<Checked>('check'))).toEqual([])
})

test('undo refuses what somebody changed again, and what is not there', async () => {
  const other = new Person()
  await other.ports('reserve', 'A', '3000')
  await other.ports('move', 'A', '3005')
  await other.ports('move', 'A', '3006')
  const { code, err } = await other.ports('undo', '2')
  expect(code).toBe(1)
  expect(err).toContain('change 2 cannot be taken back: the port 3005/tcp of A was changed again by change 3')
  expect(err).toContain('ports undo 3')
  expect((await other.ports('undo', '9')).err).toContain('there is no change 9; the last one is 3')
  expect((await other.ports('undo', 'x')).code).toBe(2)
})

test('a service that listens is not moved, and where it is asked for, its holder is told', async () => {
  const other = new Person()
  const port = freePort()
  await other.ports('range', 'add', 'Elsewhere', String(port), String(port))
  await other.ports('range', 'add', 'Home', '2100', '2199')
  await other.ports('reserve', 'Server', String(port), '--range', 'Home')
  await other.ports('start', 'Server', String(port), serverCommand())
  const kept = await other.json<Planned>('resolve')
  expect(kept).toMatchObject({
    steps: [],
    left: expect.arrayContaining([expect.objectContaining({ why: 'it is active' })]),
  })
  const asked = await other.json<Planned>('resolve', '--to', 'Server=2100')
  expect(asked.running).toMatchObject([{ service: 'Server', holders: [{ pid: expect.any(Number) }] }])
})

test('rules are made louder and quieter, and findings accepted and taken up again', async () => {
  const other = new Person()
  await other.ports('range', 'add', 'Core', '3000', '3099')
  await other.ports('reserve', 'A', '9999', '--range', 'Core')
  const rulesNow = async (): Promise<string[]> =>
    (await other.json<Checked>('check')).findings.map(({ rule, severity }) => `${severity} ${rule}`)
  expect(await rulesNow()).toContain('notice out-of-range')
  await other.ports('rule', 'set', 'out-of-range', 'error')
  expect(await rulesNow()).toContain('error out-of-range')
  expect((await other.ports('check')).code).toBe(1)
  await other.ports('rule', 'set', 'out-of-range', 'preset')
  await other.ports('rule', 'set', 'iana-assigned', 'notice')
  expect((await other.ports('check')).out).toContain('is assigned to')
  await other.ports('rule', 'set', 'iana-assigned', 'preset')
  expect((await other.ports('accept', 'out-of-range', 'a')).err).toContain('--why')
  expect((await other.ports('accept', 'out-of-rang', 'a', '--why', 'x')).err).toContain("Did you mean 'out-of-range'?")
  expect((await other.ports('accept', 'out-of-range', 'B', '--why', 'x')).err).toContain('finds nothing about')
  expect((await other.ports('accept', 'out-of-range', 'a', '--why', 'x')).out).toBe(
    'Accepted: out-of-range of A (x).\n',
  )
  expect(await rulesNow()).not.toContain('notice out-of-range')
  expect((await other.ports('check', '--all')).out).toContain('accepted A is on 9999')
  await other.ports('accept', 'out-of-range', 'A', '--withdraw')
  expect(await rulesNow()).toContain('notice out-of-range')
})

test('a document that decides about its rules in words that are none is told the line', async () => {
  const other = new Person()
  const file = `${other.home}/broken.md`
  writeFileSync(
    file,
    '| Service | Port |\n| --- | --- |\n| A | 3000 |\n\n| Rule | Accepted For | Level | Reason | Decided |\n| --- | --- | --- | --- | --- |\n| out-of-range | A | loud | x | |\n',
  )
  const { unused } = await other.json<{ unused: { line: number; why: string }[] }>('import', file, '--dry-run')
  expect(unused).toMatchObject([{ line: 7, why: "'loud' is not a level: off, notice, warning, error" }])
})

test('resolve tells which files say the old ports, and mends them together with the registry', async () => {
  const other = new Person()
  const shop = join(other.home, 'shop')
  mkdirSync(shop)
  writeFileSync(join(shop, 'package.json'), '{}')
  const env = join(shop, '.env')
  writeFileSync(env, 'FLASK_PORT=5000\nANYTHINGLLM_PORT=3001\nGRAFANA_PORT=3000\n')
  await other.ports('import', seed)
  const inShop = (...words: string[]) => other.run([binary, ...words], shop)
  const plan = (await inShop('resolve', '--to', 'Flask=4005')).out
  expect(plan).toMatch(/Files that say an old port\n(?: {2}.*\n)*? {2}\.env:1:12: Flask 5000 -> 4005\n/)
  expect(plan).toMatch(/\.env:2:18: AnythingLLM 3001 -> \d+\n/)
  const dry = await inShop('resolve', '--to', 'Flask=4005', '--files')
  expect(dry.out).toContain('-FLASK_PORT=5000\n')
  expect((await inShop('resolve', '--to', 'Flask=4005', '--files', '--apply')).code).toBe(2)
  expect(readFileSync(env, 'utf8')).toStartWith('FLASK_PORT=5000\n')
  const done = await inShop('resolve', '--to', 'Flask=4005', '--files', '--apply', '--yes')
  expect(done.out).toContain('Files that said an old port, mended')
  expect(readFileSync(env, 'utf8')).toMatch(/^FLASK_PORT=4005\nANYTHINGLLM_PORT=8\d{3}\nGRAFANA_PORT=3000\n$/)
  expect((await inShop('drift')).out).not.toContain('Flask')
  expect(loud(await other.json<Checked>('check'))).toEqual([])
  expect((await other.json<{ revision: number }>('status')).revision).toBe(2)
})
