import { readFileSync, writeFileSync } from 'node:fs'
import type { ListenerFollower } from '../src/operations/world.ts'
import { openMachine } from '../src/machine/index.ts'
import { besideConnections } from './connections.ts'
import { underLoad } from './load.ts'
import { command, interleave, timesOf } from './measure.ts'
import { ss } from './ports.ts'
import { below, compared, heading, line } from './print.ts'
import { besideProcesses } from './processes.ts'

const looks = 300
const servers = 30

/** What a steady look costs, and a look at one new server, beside a full listing by `ss`: on growing loads, and after the pids have wrapped. */
export async function measureFollow(): Promise<void> {
  await underLoad(async ({ said }) => {
    await steady(said)
    await newServer(said, 2)
    await wrapped(said)
    await besideConnections(20_000, async () => {
      await steady(`${said}, 20,000 connections`)
      await newServer('the same', 2)
    })
  })
  await besideProcesses(2000, async () => {
    await steady('2,000 processes')
    await newServer('the same', 4)
  })
}

async function steady(said: string): Promise<void> {
  heading(`a steady look with its holders, in process, ${said}`)
  const follower = (await openMachine(process.platform)).follow()
  for (let look = 0; look < 50; look++) await follower.look()
  const times: number[] = []
  const cpu = process.cpuUsage()
  while (times.length < looks) times.push(await timeOfLook(follower))
  const used = process.cpuUsage(cpu)
  below(`steady look, median of ${looks}`, timesOf(times).median, 'ms', 0.5)
  const share = (used.user + used.system) / 1000 / looks / 10
  line('share of a core at one look a second', `${share.toFixed(3)} %`, 'at most 0.2 %', share <= 0.2)
  const yardstick = await interleave({ ss, list: command('ss -Htln', ['ss', '-Htln']) }, 5)
  compared('steady look', timesOf(times), 'ss -tlnp', yardstick.ss)
  compared('steady look', timesOf(times), 'ss -Htln (no holders)', yardstick.list)
  follower.close()
}

async function newServer(said: string, most: number): Promise<void> {
  const launcher = startLauncher()
  await launcher.start()
  await launcher.end()
  const follower = (await openMachine(process.platform)).follow()
  await follower.look()
  const [times, cpu]: [number[], number[]] = [[], []]
  let named = 0
  for (let turn = 0; turn < servers; turn++) {
    const server = await launcher.start()
    const before = process.cpuUsage()
    times.push(await timeOfLook(follower))
    const used = process.cpuUsage(before)
    cpu.push((used.user + used.system) / 1000)
    const seen = (await follower.look()).find((listener) => listener.port === server.port)
    if (seen?.holders.some(({ pid }) => pid === server.pid)) named++
    await launcher.end()
    await follower.look()
  }
  await launcher.close()
  follower.close()
  const { median, least } = timesOf(times)
  below(`one new server attributed, ${said}`, median, 'ms', most)
  // What the machine does besides stretches the time and not the work.
  line(
    'the least of it, and its time on a core',
    `${least.toFixed(2)} ms, ${timesOf(cpu).median.toFixed(2)} ms (least ${timesOf(cpu).least.toFixed(2)} ms)`,
  )
  line('its holder was named', `${named} of ${servers}`, `${servers} of ${servers}`, named === servers)
}

/** The next pid is a low one, as it is after a whole round. */
async function wrapped(said: string): Promise<void> {
  const path = '/proc/sys/kernel/ns_last_pid'
  try {
    const before = readFileSync(path, 'latin1')
    writeFileSync(path, '400')
    try {
      await newServer(`pids wrapped, ${said}`, 2)
    } finally {
      if (Number(readFileSync(path, 'latin1')) < Number(before)) writeFileSync(path, before.trim())
    }
  } catch {
    line('one new server, pids wrapped', 'not measured: only root may set the next pid')
  }
}

async function timeOfLook(follower: ListenerFollower): Promise<number> {
  const begin = performance.now()
  await follower.look()
  return performance.now() - begin
}

/** For each line it reads it starts a process that alone holds a listener, and for the line after that ends it. */
const launching = `
import socket, subprocess, sys
while sys.stdin.readline():
    with socket.create_server(('127.0.0.1', 0)) as server:
        child = subprocess.Popen(['sleep', '60'], pass_fds=[server.fileno()], stdout=subprocess.DEVNULL)
        port = server.getsockname()[1]
    print(port, child.pid, flush=True)
    sys.stdin.readline()
    child.kill()
    child.wait()
    print('ended', flush=True)
`

/** As an old shell it has few descriptors itself, for the parent of a new holder is looked at as well, and ours are as many as the load has processes. */
function startLauncher() {
  const child = Bun.spawn(['python3', '-c', launching], { stdio: ['pipe', 'pipe', 'inherit'] })
  const reader = child.stdout.getReader()
  const ask = async (): Promise<string> => {
    await child.stdin.write('\n')
    await child.stdin.flush()
    // A line may come in pieces.
    let answer = ''
    while (!answer.endsWith('\n')) answer += new TextDecoder().decode((await reader.read()).value)
    return answer
  }
  return {
    async start(): Promise<{ port: number; pid: number }> {
      const [port, pid] = (await ask()).split(' ').map(Number)
      return { port: port ?? 0, pid: pid ?? 0 }
    },
    end: ask,
    async close(): Promise<void> {
      await child.stdin.end()
      await child.exited
    },
  }
}
