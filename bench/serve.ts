import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentWith, runCommand } from './measure.ts'
import { binary, temporaryFolder } from './ports.ts'
import { below, heading } from './print.ts'

const services = 50
/** Seconds that the steady state is watched. */
const watched = 20
/** `USER_HZ`: clock ticks of `/proc/PID/stat` in a second. */
const ticks = 100

/** What the supervisor of fifty services costs while nothing happens. The services are one small program each, the smallest that listens. */
export async function measureServe(): Promise<void> {
  const home = temporaryFolder()
  const server = join(home, 'server.py')
  writeFileSync(
    server,
    'import socket,os,signal\ns=socket.socket();s.setsockopt(1,2,1);s.bind(("127.0.0.1",int(os.environ["PORT"])));s.listen()\nsignal.pause()\n',
  )
  const recipes = freePorts().map((port, index): [string, object] => [
    `S${index}`,
    { command: `exec python3 -S -E ${server}`, port, restart: 'always' },
  ])
  writeFileSync(join(home, 'services.yaml'), JSON.stringify({ services: Object.fromEntries(recipes) }))
  const environment = { IZA_PORTS_HOME: home }
  heading(`ports serve, ${services} services, nothing happens for ${watched} s`)
  const supervisor = Bun.spawn([binary, 'serve'], {
    env: environmentWith(environment),
    stdio: ['ignore', Bun.file(join(home, 'said')), 'ignore'],
  })
  try {
    runCommand([binary, 'up'], environment)
    while (readFileSync(join(home, 'said'), 'utf8').split(' listens on ').length <= services) await Bun.sleep(100)
    await Bun.sleep(1000)
    const before = timeOf(supervisor.pid)
    await Bun.sleep(watched * 1000)
    below('processor', ((timeOf(supervisor.pid) - before) / ticks / watched) * 1000, 'ms a second', 5)
    below('resident memory', residentOf(supervisor.pid), 'MB', 60)
    below('its own share of it (without the program file)', anonymousOf(supervisor.pid), 'MB', 60)
  } finally {
    supervisor.kill('SIGKILL')
    await supervisor.exited
    runCommand([binary, 'down'], environment)
  }
}

/** Held until all are chosen, so that none is chosen twice. */
function freePorts(): number[] {
  const servers = Array.from({ length: services }, () =>
    Bun.listen({ hostname: '0.0.0.0', port: 0, socket: { data() {} } }),
  )
  for (const server of servers) server.stop(true)
  return servers.map(({ port }) => port)
}

/** User and system time of the process in clock ticks. */
function timeOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function residentOf(pid: number): number {
  return status(pid, 'VmRSS') / 1000
}

function anonymousOf(pid: number): number {
  return status(pid, 'RssAnon') / 1000
}

function status(pid: number, name: string): number {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? Number.NaN) * 1.024
}
