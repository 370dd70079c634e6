import { expect, test } from 'bun:test'
import type { Board } from '../../src/operations/board.ts'
import type { Who } from '../../src/operations/who.ts'
import { endEverythingAfterEach, kill, launchReady, listen, runPorts, server } from './peers.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

endEverythingAfterEach()

type Row = { readonly address: string; readonly holders: readonly { readonly pid: number; readonly command: string }[] }

test.each([
  ['0.0.0.0', { host: '0.0.0.0' }, '0.0.0.0'],
  [':: for both families', { host: '::' }, '*'],
  [':: for IPv6 alone', { host: '::', ipv6Only: true }, '::'],
  ['127.0.0.2', { host: '127.0.0.2' }, '127.0.0.2'],
  ['::1', { host: '::1' }, '::1'],
])('a listener on %s is shown with its holder', async (_, specification, address) => {
  const port = freePort()
  const { pid } = await listen(port, specification)
  const expected = [{ address, holders: [{ pid }] }]
  expect(await strays(port)).toMatchObject(expected)
  expect(await who(port)).toMatchObject(expected)
})

test('three listeners on one port are three rows, each with its own holder', async () => {
  const port = freePort()
  const hosts = ['127.0.0.1', '127.0.0.2', '::1']
  const servers = await Promise.all(hosts.map(async (host) => await listen(port, { host })))
  const expected = hosts.map((address, index) => ({ address, holders: [{ pid: servers[index]?.pid }] }))
  expect(await strays(port)).toMatchObject(expected)
  expect(await who(port)).toMatchObject(expected)
})

test('every holder of one socket is shown', async () => {
  const port = freePort()
  const { pid, workers } = await launchReady<{ pid: number; workers: number[] }>(server('share.ts', port, 2))
  const expected = new Set([pid, ...workers])
  for (const rows of [await strays(port), await who(port)]) {
    expect(rows).toHaveLength(1)
    expect(new Set(rows[0]?.holders.map((holder) => holder.pid))).toEqual(expected)
  }
})

test('two sockets on one port by SO_REUSEPORT are two rows', async () => {
  const port = freePort()
  const servers = [await listen(port, { reusePort: true }), await listen(port, { reusePort: true })]
  for (const rows of [await strays(port), await who(port)]) {
    expect(new Set(rows.map(({ holders }) => holders[0]?.pid))).toEqual(new Set(servers.map(({ pid }) => pid)))
  }
})

const node = Bun.which('node')

// Node installs this project, so a machine without it is rare.
test.skipIf(!node)('a Node program is called node, whatever it calls its main thread', async () => {
  const port = freePort()
  const { pid } = await launchReady(server('renamed.mjs', port).with(0, node ?? ''))
  const [row] = await who(port)
  expect(row?.holders).toMatchObject([{ pid }])
  expect(row?.holders[0]?.command).toContain('renamed.mjs')
  const refused = await runPorts('start', 'Another', String(port), 'true')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(`held by node (pid ${pid}`)
  expect((await kill(port, '--dry-run')).ended).toMatchObject([{ pid, name: 'node' }])
})

async function strays(port: number): Promise<Row[]> {
  const board = JSON.parse((await runPorts('status', '--json')).stdout) as Board
  return board.strays.filter((stray) => stray.port === port && stray.protocol === 'tcp')
}

async function who(port: number): Promise<Row[]> {
  const { ports } = JSON.parse((await runPorts('who', String(port), '--json')).stdout) as Who
  return ports.flatMap(({ listeners }) => listeners)
}
