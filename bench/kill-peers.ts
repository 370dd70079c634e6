import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { underLoad } from './load.ts'
import { environmentWith, timesOf } from './measure.ts'
import { binary, temporaryFolder } from './ports.ts'
import { beside, compared, heading, line } from './print.ts'

/** How the programs are called that people free a port with; `ports kill` is the first. */
const killers: Readonly<Record<string, (port: number) => string[]>> = {
  'ports kill': (port) => [binary, 'kill', String(port)],
  'kill-port': (port) => ['node', join(import.meta.dir, '../node_modules/kill-port/cli.js'), String(port)],
  fkill: (port) => [
    'node',
    join(import.meta.dir, '../node_modules/fkill-cli/cli.js'),
    '--silent',
    '--force',
    `:${port}`,
  ],
  'fuser -k': (port) => ['fuser', '-s', '-k', `${port}/tcp`],
}

interface Killed {
  /** From the start of the command until it is back, and from the moment at which the port could be bound until then; milliseconds. */
  readonly took: number
  readonly late: number
  /** Who else was ended. */
  readonly others: readonly string[]
  /** Whether the port could be bound when the command was back. */
  readonly free: boolean
}

/** `ports kill` beside the programs that people use for it, and what each of them ends that nobody asked for. */
export async function measureKillPeers(): Promise<void> {
  await compare('kill beside others, idle machine', 15, 0.45)
  await underLoad(async ({ said }) => compare(`kill beside others, ${said}`, 7, 0.15))
}

async function compare(title: string, rounds: number, most: number): Promise<void> {
  heading(title)
  const home = temporaryFolder()
  const seen = new Map<string, Killed[]>(Object.keys(killers).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, words] of Object.entries(killers)) seen.get(name)?.push(await killOnce(words, home))
  }
  const times = (name: string) => timesOf((seen.get(name) ?? []).map(({ took }) => took))
  const ours = times('ports kill')
  for (const name of Object.keys(killers).slice(1)) {
    if (name === 'kill-port') beside('ports kill', ours, name, times(name), most)
    else compared('ports kill', ours, name, times(name))
  }
  for (const [name, all] of seen) {
    const late = timesOf(all.map((one) => one.late)).median
    const target = name === 'ports kill' ? 'at most 50 ms' : undefined
    line(`${name}: back after the port is free`, `${late.toFixed(1)} ms`, target, late <= 50)
    const others = ['client', 'sibling', 'foreign'].map(
      (other) => `${other} ${all.filter((one) => one.others.includes(other)).length}`,
    )
    line(
      '  also ended, and port free when back',
      `${others.join(', ')}; ${all.filter(({ free }) => free).length} of ${all.length}`,
    )
  }
}

async function killOnce(words: (port: number) => string[], home: string): Promise<Killed> {
  const start = (file: string, ...more: string[]) =>
    Bun.spawn([process.execPath, join(import.meta.dir, 'servers', file), ...more], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: environmentWith(),
    })
  const firstLine = async (from: ReturnType<typeof start>): Promise<string> =>
    new TextDecoder().decode((await from.stdout.getReader().read()).value)
  const server = start('plain.ts')
  const port = Number(await firstLine(server))
  const around = start('around.ts', String(port))
  const pids = JSON.parse(await firstLine(around)) as Record<string, number>
  try {
    const begin = performance.now()
    const killer = Bun.spawn(words(port), {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: environmentWith({ IZA_PORTS_HOME: home }),
    })
    const [back, free] = await Promise.all([killer.exited.then(() => performance.now()), freedAt(port)])
    const others = Object.entries(pids).flatMap(([name, pid]) => (isAlive(pid) ? [] : [name]))
    return { took: back - begin, late: Math.max(0, back - free), others, free: free <= back + 2 }
  } finally {
    await around.stdin.end()
    server.kill('SIGKILL')
    await around.exited
    await server.exited
  }
}

/** When the port could be bound, asked every millisecond for three seconds; else never. */
async function freedAt(port: number): Promise<number> {
  const until = performance.now() + 3000
  while (performance.now() < until) {
    if (isBindable(port)) return performance.now()
    await Bun.sleep(1)
  }
  return Infinity
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`)
}

/** By the address of the server alone: a client that outlives it keeps the port of another address. */
function isBindable(port: number): boolean {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, exclusive: true, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}
