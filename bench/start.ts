import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { environmentWith, runCommand, timesOf } from './measure.ts'
import { binary, temporaryFolder } from './ports.ts'
import { compared, heading, line } from './print.ts'

const rounds = 15
/** What a start may take beyond the server itself, in milliseconds. */
const mostOver = 40

const services = 50
/** How long the slowest of them takes until it listens, in milliseconds. */
const slowest = 1000

/** From the command to "ready": the server started directly and its port polled, by `ports start`, and by pm2, whose port is polled too because it does not wait for one. */
export async function measureStart(): Promise<void> {
  heading('start, a server of Node')
  const home = temporaryFolder()
  const script = join(home, 'server.cjs')
  writeFileSync(
    script,
    "require('http').createServer((_, answer) => answer.end('hello')).listen(process.env.PORT, '127.0.0.1')\n",
  )
  const ours = { IZA_PORTS_HOME: join(home, 'ports') }
  const pm2 = await findPm2(home)
  const times = { direct: [] as number[], ports: [] as number[], pm2: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    const [first, second, third] = [freePort(), freePort(), freePort()]
    let begin = performance.now()
    const child = Bun.spawn(['node', script], {
      env: environmentWith({ PORT: String(first) }),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await untilOpen(first)
    times.direct.push(performance.now() - begin)
    child.kill('SIGKILL')
    await child.exited

    begin = performance.now()
    runCommand([binary, 'start', 'Server', String(second), `exec node ${script}`], ours)
    times.ports.push(performance.now() - begin)
    runCommand([binary, 'stop', 'Server'], ours)
    runCommand([binary, 'release', 'Server'], ours)

    if (!pm2) continue
    begin = performance.now()
    runCommand(['node', pm2.program, 'start', script, '--name', 'server', '--silent'], {
      ...pm2.environment,
      PORT: String(third),
    })
    await untilOpen(third)
    times.pm2.push(performance.now() - begin)
    runCommand(['node', pm2.program, 'delete', 'server', '--silent'], pm2.environment)
  }
  const [direct, started] = [timesOf(times.direct), timesOf(times.ports)]
  const over = started.median - direct.median
  line('ports start over the server itself', `${over.toFixed(1)} ms`, `at most ${mostOver} ms`, over <= mostOver)
  compared('ports start', started, 'started directly, port polled', direct)
  if (pm2) compared('ports start', started, 'pm2 start, port polled', timesOf(times.pm2))
  else line('pm2', 'cannot be had here')
  if (pm2) runCommand(['node', pm2.program, 'kill', '--silent'], pm2.environment)
  await measureUp(home)
}

/** Fifty at the same moment, each ready after another while: a tenth of a second for most, the slowest after a whole one. */
async function measureUp(home: string): Promise<void> {
  heading(`up, ${services} services of Python, of which the slowest listens after ${slowest / 1000} s`)
  const environment = { IZA_PORTS_HOME: join(home, 'up') }
  const server = join(home, 'server.py')
  writeFileSync(
    server,
    'import os,signal,socket,sys,time\ntime.sleep(float(sys.argv[1]))\ns=socket.socket();s.bind(("127.0.0.1",int(os.environ["PORT"])));s.listen()\nsignal.pause()\n',
  )
  const recipe = (index: number): [string, object] => {
    const delay = index === 0 ? slowest : 100 + ((index * 37) % 400)
    return [`S${index}`, { command: `exec python3 -S -E ${server} ${delay / 1000}`, port: freePort() }]
  }
  const file = (count: number): string => {
    const path = join(home, `${count}.yaml`)
    writeFileSync(
      path,
      JSON.stringify({ services: Object.fromEntries(Array.from({ length: count }, (_, index) => recipe(index))) }),
    )
    return path
  }
  const [alone, all] = [file(1), file(services)]
  const timed = (path: string): number => {
    const begin = performance.now()
    runCommand([binary, 'up', '--file', path], environment)
    const took = performance.now() - begin
    runCommand([binary, 'down', '--file', path], environment)
    return took
  }
  const [one, many] = [
    timesOf([timed(alone), timed(alone), timed(alone)]),
    timesOf([timed(all), timed(all), timed(all)]),
  ]
  const ratio = many.median / one.median
  line(
    `up of ${services}`,
    `${many.median.toFixed(0)} ms, of the slowest alone ${one.median.toFixed(0)} ms, ratio ${ratio.toFixed(2)}`,
    'below 3x',
    ratio < 3,
  )
}

/** pm2 with a home of its own; null where it cannot be had. Its daemon ends with `pm2 kill`, which ends by its own pid file. */
async function findPm2(home: string): Promise<{ program: string; environment: Record<string, string> } | null> {
  const found = Bun.spawnSync(['sh', join(import.meta.dir, '../scripts/npm-program'), 'pm2@7.0.4'], { stdout: 'pipe' })
  if (found.exitCode !== 0) return null
  const pm2 = { program: join(found.stdout.toString().trim(), 'pm2'), environment: { PM2_HOME: join(home, 'pm2') } }
  // Its daemon is started before: that takes half a second once.
  runCommand(['node', pm2.program, 'ping', '--silent'], pm2.environment)
  return pm2
}

function freePort(): number {
  const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  server.stop(true)
  return server.port
}

async function untilOpen(port: number): Promise<void> {
  while (!(await isOpen(port))) await Bun.sleep(1)
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
