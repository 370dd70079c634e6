import { join } from 'node:path'
import { besideConnections } from './connections.ts'
import { underLoad } from './load.ts'
import { command, interleave } from './measure.ts'
import { homeWithDocument, ports, ss } from './ports.ts'
import { beside, compared, heading, line } from './print.ts'
import { besideProcesses } from './processes.ts'

const rounds = 7

/** A full look with holders, end to end, beside the programs that people use for it. Nothing is slowed for us: `find-process` is asked for one port alone. */
export async function measureScan(): Promise<void> {
  const home = homeWithDocument()
  await underLoad(async ({ said, youngPort }) => {
    await scan(home, said, youngPort, 0.9)
    await besideConnections(20_000, async () => {
      await scan(home, `${said}, 20,000 connections`, youngPort, 0.6)
    })
  })
  await besideProcesses(2000, async () => {
    const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    await scan(home, '2,000 processes', server.port, 0.75)
    server.stop(true)
  })
}

async function scan(home: string, said: string, port: number, most: number): Promise<void> {
  heading(`full look with holders, end to end, ${said}`)
  const peer = (library: string) =>
    command(library, ['node', join(import.meta.dir, 'peers/scan.mjs'), library, String(port)])
  const whisperer = join(import.meta.dir, '../node_modules/port-whisperer/src/index.js')
  const candidates = {
    status: ports(home, 'status', '--json'),
    ss,
    lsof: command('lsof', ['lsof', '-nP', '-iTCP', '-sTCP:LISTEN']),
    'port-whisperer': command('port-whisperer', ['node', whisperer, '--all']),
    'find-process': peer('find-process'),
    'pid-port': peer('pid-port'),
  }
  const { status, ss: yardstick, ...others } = await interleave(candidates, rounds)
  beside('ports status --json', status, 'ss -tlnp', yardstick, most)
  for (const [name, times] of Object.entries(others)) compared('ports status --json', status, name, times)
  const fastest = Math.min(...Object.values(others).map(({ median }) => median))
  line(
    'every other one is slower',
    `the fastest by ${(fastest / status.median).toFixed(1)}x`,
    'all',
    fastest > status.median,
  )
}
