import { afterAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import type { Who } from '../../src/operations/who.ts'
import { isOpen, until } from '../compose/engine.fixture.ts'
import { Person } from '../ports.fixture.ts'
import { startPostgres, startRedis, unpack } from '../servers.fixture.ts'
import type { Server } from '../servers.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const person = new Person()
const servers: Server[] = []
afterAll(async () => {
  for (const server of servers) await server.stop()
})

const told = async (port: number) => (await person.json<Who>('who', String(port), '--handshake')).ports[0]
const verdict = async (port: number) => {
  const story = await told(port)
  return [story?.allocations[0]?.verdict, story?.allocations[0]?.by, story?.heard?.[0]?.program, story?.heard?.[0]?.by]
}

const redis = unpack('redis-tools')
test.skipIf(redis.why !== '')(
  `a Redis says so, also behind a password${redis.why && ` (skipped: ${redis.why})`}`,
  async () => {
    const [open, closed] = [freePort(), freePort()]
    servers.push(startRedis(redis, open), startRedis(redis, closed, '--requirepass', 'x'))
    for (const port of [open, closed]) await until(() => isOpen(port), 'Redis listens')
    await person.ports('reserve', 'Redis Cache', String(open))
    await person.ports('reserve', 'Sessions', String(closed))
    expect(await verdict(open)).toEqual(['active', 'command', 'redis', 'Redis PING'])
    expect((await told(closed))?.heard).toMatchObject([{ program: 'redis', says: 'NOAUTH Authentication required.' }])
    // Nothing in the name of the service tells what it should answer.
    expect((await verdict(closed))[0]).toBe('unverified')
  },
)

const postgres = unpack('postgresql-15')
test.skipIf(postgres.why !== '')(
  `a PostgreSQL says so${postgres.why && ` (skipped: ${postgres.why})`}`,
  async () => {
    const port = freePort()
    servers.push(startPostgres(postgres, port))
    await until(() => isOpen(port), 'PostgreSQL listens')
    await person.ports('reserve', 'PostgreSQL', String(port))
    expect(await verdict(port)).toEqual(['active', 'command', 'postgresql', 'PostgreSQL SSLRequest'])
    const { out } = await person.ports('who', String(port), '--handshake')
    expect(out).toContain('127.0.0.1 is postgresql: offers no TLS (PostgreSQL SSLRequest)')
  },
  60_000,
)

test('a page is known by its title, and contradicts a service that speaks a protocol of its own', async () => {
  const [shop, database] = [freePort(), freePort()]
  const page = (title: string) => new Response(`<title>${title}</title>`, { headers: { 'content-type': 'text/html' } })
  // In our own process: the command tells nothing about the service.
  const pages = [
    Bun.serve({ port: shop, fetch: () => page('Web Shop') }),
    Bun.serve({ port: database, fetch: () => page('Web Shop') }),
  ]
  try {
    await person.ports('reserve', 'web-shop', String(shop))
    await person.ports('reserve', 'Memcached', String(database), '--address', '127.0.0.1')
    expect((await person.json<Who>('who', 'web-shop')).ports[0]?.allocations[0]?.verdict).toBe('unverified')
    expect(await verdict(shop)).toEqual(['active', 'handshake', null, 'HTTP GET /'])
    expect((await told(database))?.heard?.[0]?.says).toBe('HTTP 200, “Web Shop”')
  } finally {
    for (const server of pages) await server.stop(true)
  }
})

test('a certificate is shown and never trusted, and who says nothing is not waited for', async () => {
  const key = join(person.home, 'key.pem')
  const certificate = join(person.home, 'certificate.pem')
  const words = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=shop.test',
    '-keyout',
    key,
    '-out',
    certificate,
  ]
  const made = await person.run(['openssl', ...words])
  expect([made.code, made.code && made.err]).toEqual([0, 0])
  const tls = { key: Bun.file(key), cert: Bun.file(certificate) }
  const secure = Bun.serve({ port: 0, tls, fetch: () => new Response('<title>Safe</title>') })
  const mute = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  try {
    const story = await told(secure.port ?? 0)
    expect(story?.heard).toMatchObject([
      { says: 'HTTP 200, “Safe”', certificate: { subject: 'shop.test', issuer: 'shop.test' } },
    ])
    expect((await told(mute.port))?.heard).toEqual([
      { address: '127.0.0.1', program: null, by: null, says: '', certificate: null },
    ])
  } finally {
    await secure.stop(true)
    mute.stop(true)
  }
})
