import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { Person, seed, serverCommand } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

interface Status {
  host: string
  at: string
  revision: number
  ranges: { name: string; purpose: string }[]
  services: {
    name: string
    port: number
    verdict: string
    resolved: boolean
    range: string
    findings: string[]
    holders: { pid: number; command: string; cwd: string; user: string; startedAt: string }[]
  }[]
  strays: { port: number; protocol: string; address: string; holders: { pid: number }[] }[]
  totals: Record<string, number>
}

const person = new Person()

test('the user imports the document as it is, byte for byte, and again without a change', async () => {
  const dry = await person.json<Record<string, unknown>>('import', seed, '--dry-run')
  expect(dry).toMatchObject({ ranges: 8, services: 40, moves: 7, unused: [], dryRun: true })
  expect((await person.json<Status>('status')).totals.services).toBe(0)
  const first = await person.json<{ changes: number; plan: string[] }>('import', seed)
  expect(first).toMatchObject({ ranges: 8, services: 40, moves: 7, unused: [] })
  expect(first.plan).toEqual(dry.plan as string[])
  expect(await person.json('import', seed)).toMatchObject({ changes: 0 })
})

test('the board shows every range with its purpose, every service, and one line of totals', async () => {
  const { out, code } = await person.ports()
  expect(code).toBe(0)
  expect(out).toContain('AI & LLM Services 8000-8099 · AI and LLM services')
  expect(out).toMatch(/3000 +IZA OS Main Dashboard +reserved +Main dashboard interface/)
  expect(out).toMatch(/! +3001 +IZA OS API Gateway/)
  expect(out).toMatch(/! +8081 +Redis Commander/)
  expect(out).toMatch(/11434 +Ollama LLM Server/)
  expect(out).toMatch(/40 services · 0 active · 40 reserved · 0 taken · \d+ strays?/)
  expect(out).not.toContain('\u001b')
})

test('the board as data has the shape that others script against', async () => {
  const status = await person.json<Status>('status')
  expect(status.ranges).toHaveLength(8)
  expect(status.services).toHaveLength(40)
  expect(status.services.find(({ port }) => port === 3006)).toMatchObject({
    name: 'Grafana',
    resolved: true,
    verdict: 'reserved',
    holders: [],
    findings: [],
  })
  expect(status.services.find(({ port }) => port === 3001)?.findings).toEqual(['contradicted-resolution'])
  expect(Object.keys(status.totals)).toEqual(
    expect.arrayContaining(['services', 'active', 'reserved', 'taken', 'strays', 'findings']),
  )
  expect(new Date(status.at).getTime()).toBeGreaterThan(0)
})

test('the audit finds what the document contradicts itself in', async () => {
  const { findings } = await person.json<{
    findings: { rule: string; severity: string; services: string[]; ports: number[]; hint: string }[]
  }>('check')
  const of = (rule: string): number => findings.filter((finding) => finding.rule === rule).length
  expect(findings.find(({ rule }) => rule === 'contradicted-resolution')).toMatchObject({
    severity: 'error',
    services: ['AnythingLLM', 'IZA OS API Gateway'],
    ports: [3001],
  })
  expect([
    of('contradicted-resolution'),
    of('out-of-range'),
    of('inside-another-range'),
    of('missing-resolution'),
  ]).toEqual([1, 22, 9, 3])
  expect(findings.every(({ hint }) => hint.length > 0)).toBe(true)
  expect((await person.ports('check')).code).toBe(1)
  // What was seen on this machine besides is no matter of the document.
  const document = await person.json<{ findings: { line: number; services: string[] }[] }>('check', seed)
  expect(findings).toEqual(
    expect.arrayContaining(document.findings.map((finding) => ({ ...finding, file: null, line: null }))),
  )
  expect(document.findings.find(({ services }) => services[0] === 'Zapier')?.line).toBe(58)
})

test('start_service refuses a port of another service and names it', async () => {
  const { code, err } = await person.ports('start_service', 'Service Name', '3000', 'sleep 100')
  expect(code).toBe(1)
  expect(err).toContain('Service Name cannot have 3000/tcp: it belongs to IZA OS Main Dashboard')
  expect((await person.ports('list')).out).not.toContain('Service Name')
})

test('start_service starts a new service on its port, and a second time says that it runs', async () => {
  const port = freePort()
  const command = serverCommand()
  const first = await person.ports('start_service', 'Service Name', String(port), command)
  expect([first.code, first.err]).toEqual([0, ''])
  expect(first.out).toMatch(
    new RegExp(`^Service Name listens on ${port} after \\d+\\.\\d\\d s \\(pid \\d+\\)\\.\\nLog: /`),
  )
  const second = await person.ports('start_service', 'Service Name', String(port), command)
  expect([second.code, second.out]).toEqual([0, expect.stringContaining(`Service Name runs already on ${port}`)])
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('hello')
  const status = await person.json<Status>('status')
  const service = status.services.find(({ name }) => name === 'Service Name')
  expect(service).toMatchObject({
    verdict: 'active',
    holders: [{ cwd: person.home, pid: expect.any(Number), startedAt: expect.stringMatching(/^\d{4}-/) }],
  })
  expect(status.totals.active).toBe(1)
  expect((await person.ports('who', String(port))).out).toContain('belongs to Service Name: active')
})

test('kill_port ends it, and an already free port is no failure', async () => {
  const { services } = await person.json<Status>('status')
  const port = String(services.find(({ name }) => name === 'Service Name')?.port)
  expect((await person.json<{ ports: { outcome: string }[] }>('kill_port', port, '--dry-run')).ports[0]?.outcome).toBe(
    'would-free',
  )
  expect((await person.ports('kill_port', port)).out).toContain(`${port} is free. Ended:`)
  const again = await person.ports('kill_port', port)
  expect([again.code, again.out]).toEqual([0, `${port} is free: nobody listens there.\n`])
  expect((await person.json<Status>('status')).services.find(({ name }) => name === 'Service Name')?.verdict).toBe(
    'reserved',
  )
})

for (const format of ['markdown', 'json', 'yaml']) {
  test(`the registry goes out as ${format} and comes back equal`, async () => {
    const other = new Person()
    const file = `${other.home}/registry.${format === 'markdown' ? 'md' : format}`
    expect((await person.ports('export', '--format', format, '--file', file)).code).toBe(0)
    await other.ports('import', file)
    const [before, after] = [
      await person.json<{ services: Record<string, unknown>[] }>('list'),
      await other.json<{ services: Record<string, unknown>[] }>('list'),
    ]
    const bare = ({ id: _id, ...service }: Record<string, unknown>): unknown => service
    expect(after.services.map(bare)).toEqual(before.services.map(bare))
    expect((await other.ports('export', '--format', format)).out).toBe(readFileSync(file, 'utf8'))
    expect(await other.json('check')).toEqual(await person.json('check'))
  })
}

test('a service that the catalog knows is not taken for any program on its port', async () => {
  const port = freePort()
  await person.ports('move', 'Prometheus', String(port))
  await person.ports('reserve', 'Elsewhere', String(freePort()))
  const server = Bun.serve({ port, fetch: () => new Response() })
  const { services, totals } = await person.json<Status>('status')
  expect(services.find(({ name }) => name === 'Prometheus')).toMatchObject({
    verdict: 'taken',
    findings: expect.arrayContaining(['port-taken']),
    holders: [{ pid: process.pid }],
  })
  expect(totals.taken).toBe(1)
  await server.stop(true)
})

test('a start on a port that somebody holds names the holder', async () => {
  const port = freePort()
  const server = Bun.serve({ port, fetch: () => new Response() })
  const { code, err } = await person.ports('start', 'Held', String(port), serverCommand())
  await server.stop(true)
  expect(code).toBe(1)
  expect(err).toMatch(new RegExp(`${port}/tcp is held by bun.* \\(pid ${process.pid}, .*, started .* ago\\)`))
  expect((await person.ports('list')).out).not.toContain('Held')
})
