import { expect, test } from 'bun:test'
import { createSocket } from 'node:dgram'
import type { Listener } from '../../core/listener.ts'
import { port } from '../../core/port.ts'
import { outputOf } from '../command-output.ts'
import { linuxMachine } from '../linux.ts'
import { cleanUp, cleanUpAfterEach, listenOn } from '../live.fixture.ts'
import { lsofCommand, parseLsof } from './lsof.ts'
import { listenersOf } from './open-sockets.ts'

cleanUpAfterEach()

async function bindDatagram(address: string) {
  const socket = createSocket({ type: 'udp4' })
  cleanUp(() => socket.close())
  await new Promise<void>((resolve) => socket.bind(0, address, resolve))
  return { socket, port: port(socket.address().port) }
}

test.skipIf(!Bun.which('lsof'))(
  'lsof sees the same listeners as the kernel tells through netlink (needs lsof)',
  async () => {
    const ports = new Set(['127.0.0.1', '0.0.0.0', '*', '::1', '127.0.0.2'].map((address) => listenOn(address).port))
    const { port: shared } = listenOn('127.0.0.1')
    listenOn('::', shared)
    ports.add(shared)
    const [server, client] = [await bindDatagram('127.0.0.1'), await bindDatagram('127.0.0.1')]
    await new Promise<void>((resolve) => client.socket.connect(server.port, '127.0.0.1', resolve))
    ports.add(server.port).add(client.port)

    const told = await linuxMachine().listeners({ ports, holders: 'all' })
    const texts = await Promise.all([outputOf(lsofCommand('tcp')), outputOf(lsofCommand('udp'))])
    const known = new Map(told.flatMap(({ holders }) => holders).map((holder) => [holder.pid, holder]))
    const sockets = texts.flatMap((text) => parseLsof(text))
    const seen: Listener[] = listenersOf(sockets, { ports, holders: 'all' }, (pid) => known.get(pid) ?? null)
    expect(told).toHaveLength(8)
    expect(seen).toEqual(told)
  },
)

/**
 * Written from lsof(8) of macOS and the form that lsof 4.95 gives on Linux, not captured on a Mac: devices are addresses in the kernel there, `rapportd` stands for a
 * program with a name, `[fe80::1%lo0]` for an address with a zone.
 */
const fromDocumentation = `p512
u501
Lme
f8
tIPv4
d0x9f3c2a41b5e6d7f1
PTCP
n*:49152
TST=LISTEN
f9
tIPv6
d0x9f3c2a41b5e6d801
PTCP
n*:49152
TST=LISTEN
p4242
u501
Lme
f21
tIPv6
d0x9f3c2a41b5e6e001
PTCP
n*:3000
TST=LISTEN
f22
tIPv4
d0x9f3c2a41b5e6e002
PTCP
n127.0.0.1:3001->127.0.0.1:50000
TST=ESTABLISHED
p4243
u501
Lme
f21
tIPv6
d0x9f3c2a41b5e6e001
PTCP
n*:3000
TST=LISTEN
p99
u65
L_mdnsresponder
f6
tIPv4
d0x9f3c2a41b5e6f001
PUDP
n*:5353
f7
tIPv4
d0x9f3c2a41b5e6f002
PUDP
n*:*
f8
tIPv6
d0x9f3c2a41b5e6f003
PUDP
n[fe80::1%lo0]:123
`

test('reads what lsof writes on macOS', () => {
  const rows = listenersOf(parseLsof(fromDocumentation), { holders: 'none' }, () => null)
  expect(rows.map(({ protocol, address, port: number, user }) => `${protocol} ${address} ${number} ${user}`)).toEqual([
    'udp fe80::1%lo0 123 _mdnsresponder',
    'tcp * 3000 me',
    'udp 0.0.0.0 5353 _mdnsresponder',
    'tcp 0.0.0.0 49152 me',
    'tcp :: 49152 me',
  ])
  const [shared] = listenersOf(
    parseLsof(fromDocumentation),
    { ports: new Set([port(3000)]), holders: 'all' },
    (pid) => ({
      boot: 'a',
      pid,
      start: 10_000 - pid,
      session: 1,
      name: 'node',
      command: 'node',
      cwd: null,
      user: 'me',
      startedAt: null,
    }),
  )
  expect(shared?.holders.map(({ pid }) => pid)).toEqual([4243, 4242])
})

test('makes nothing of what is no output of lsof', () => {
  for (const text of [
    '',
    'lsof: status error',
    'p\nf\nn\n',
    'PTCP\nTST=LISTEN\nn*:99999',
    '\u0000\u0001\n'.repeat(50),
  ]) {
    expect(parseLsof(text)).toEqual([])
  }
})
