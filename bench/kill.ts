import { join } from 'node:path'
import { environmentWith, runCommand, timesOf } from './measure.ts'
import { binary, temporaryFolder } from './ports.ts'
import { allOf, compared, heading, line } from './print.ts'

const runs = 100
const refusals = 10
/** What the command may take beyond a bare signal, in milliseconds. */
const mostOver = 60

/** How long it takes until the port of a plain server can be bound again, by a bare signal and by `ports kill`, in turn. */
export async function measureKill(): Promise<void> {
  heading('kill, a plain server of Bun')
  const home = temporaryFolder()
  const bare: number[] = []
  const ours: number[] = []
  let bindable = 0
  for (let run = 0; run < runs; run++) {
    if (run % 4 === 0) bare.push(await timeOf(signalUntilBindable))
    ours.push(
      await timeOf(async (port) => {
        runCommand([binary, 'kill', String(port)], { IZA_PORTS_HOME: home }, [0, 1])
        if (isBindable(port)) bindable++
      }),
    )
  }
  const [bareTimes, ourTimes] = [timesOf(bare), timesOf(ours)]
  const over = ourTimes.median - bareTimes.median
  line('ports kill over TERM and a 2 ms bind poll', `${over.toFixed(1)} ms`, `at most ${mostOver} ms`, over <= mostOver)
  compared('ports kill', ourTimes, 'TERM and a bind poll', bareTimes)
  allOf('bindable when it returns', bindable, runs)
  allOf('exit code not 0 where the port is not freed', countRefusals(home), refusals)
}

/** The time that the work takes with the port of a server started for it. */
async function timeOf(work: (port: number, pid: number) => Promise<void>): Promise<number> {
  const server = Bun.spawn([process.execPath, join(import.meta.dir, 'servers/plain.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentWith(),
  })
  try {
    const { value } = await server.stdout.getReader().read()
    const port = Number(new TextDecoder().decode(value))
    const begin = performance.now()
    await work(port, server.pid)
    return performance.now() - begin
  } finally {
    server.kill('SIGKILL')
    await server.exited
  }
}

async function signalUntilBindable(port: number, pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM')
  while (!isBindable(port)) await Bun.sleep(2)
}

function isBindable(port: number): boolean {
  try {
    const options = { hostname: '::', port, exclusive: true }
    Bun.listen({ ...options, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}

function countRefusals(home: string): number {
  const above = [process.execPath, join(import.meta.dir, 'servers/above.ts'), binary]
  const codes = Array.from(
    { length: refusals },
    () => Bun.spawnSync(above, { env: environmentWith({ IZA_PORTS_HOME: home }) }).exitCode,
  )
  return codes.filter((code) => code === 1).length
}
