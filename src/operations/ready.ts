import { isKeeper } from '../core/hand-over.ts'
import type { Listener } from '../core/listener.ts'
import type { Ending } from '../core/process.ts'
import { Problem } from '../core/problem.ts'
import type { Recipe } from '../core/recipe.ts'
import { runVariable } from '../core/run.ts'
import type { Run } from '../core/run.ts'
import { endProcesses } from './end.ts'
import { lastLines } from './logs.ts'
import type { Call } from './operation.ts'
import { everyMember, membersOf } from './runs.ts'
import type { BroughtUp } from './launch.ts'
import type { Knock, World } from './world.ts'

/** How often we look for the listener: a list of sockets costs 0.2 ms, and a start should not seem slower than it is. */
const pollMilliseconds = 5
/** How many lines of its log a failed start shows. */
const shownLines = 10
/** How long a run that failed may take to end when asked. */
const graceMilliseconds = 2000

export interface Beginning {
  readonly run: Run
  readonly ended: Promise<Ending>
  /** `clock.elapsed()` when the command was started. */
  readonly since: number
}

/**
 * Waits until the run's own processes listen on its port. A listener of anybody else there does not count. Ends the run and throws `start-exited`,
 * `start-silent`, `port-taken` or `interrupted` otherwise, so that a failed start leaves no process behind.
 */
export async function awaitReady(world: World, beginning: Beginning, recipe: Recipe, call: Call): Promise<BroughtUp> {
  const knock = recipe.handOver && recipe.health === null ? await world.machine.knock(beginning.run.port) : null
  try {
    return await untilReady(world, beginning, recipe, knock, call)
  } finally {
    knock?.end()
  }
}

/** `knock`: a socket that was handed over listens before its service does; then it is ready when it takes connections. */
async function untilReady(
  world: World,
  { run, ended, since }: Beginning,
  recipe: Recipe,
  knock: Knock | null,
  call: Call,
): Promise<BroughtUp> {
  const seconds = recipe.within
  let ending: Ending | null = null
  void ended.then((how) => (ending = how))
  let told = since
  for (;;) {
    const listeners = await world.machine.listeners({
      ports: new Set([run.port]),
      protocol: run.protocol,
      holders: 'none',
    })
    const own = listeners.length ? await ownListeners(world, run) : []
    if (own.length && knock?.isAnswered() !== false && (await isWell(world, run, recipe, call)))
      return { ...ready(run, own), readyAfter: Math.round(world.clock.elapsed() - since) }
    const now = world.clock.elapsed()
    // The first process may end and leave others that listen later: a program that makes itself a daemon.
    if (ending && !(await someoneLeft(world, run))) throw await failed(world, run, recipe, ending)
    if (call.signal.aborted) {
      await giveUp(world, run)
      throw new Problem('interrupted', { what: `the start of ${run.service}`, left: 'Nothing is left behind.' })
    }
    if (now - since >= seconds * 1000) throw await tooSlow(world, run, seconds)
    if (now - told >= 1000) {
      told = now
      call.progress(
        `waiting for ${run.service} to ${own.length ? 'be healthy' : 'listen'} on ${run.port}, ${Math.round((now - since) / 1000)} s of ${seconds}`,
      )
    }
    await world.clock.sleep(pollMilliseconds, call.signal)
  }
}

function ready(run: Run, own: readonly Listener[]): Omit<BroughtUp, 'readyAfter'> {
  const { service, port, protocol, log } = run
  const pid = own[0]?.holders.find((holder) => !isKeeper(holder))?.pid ?? run.process.pid
  return { service, port, protocol, outcome: 'started', pid, addresses: own.map(({ address }) => address), log }
}

/** What its recipe asks beyond listening. */
async function isWell(world: World, run: Run, { health, cwd }: Recipe, call: Call): Promise<boolean> {
  return health === null || (await world.machine.isHealthy(health, run.port, { cwd, environment: call.environment }))
}

/** The listeners on the run's port that a process of the run holds. */
export async function ownListeners(world: World, run: Run): Promise<Listener[]> {
  const [listeners, table] = await Promise.all([
    world.machine.listeners({ ports: new Set([run.port]), protocol: run.protocol, holders: 'all' }),
    world.machine.processes(),
  ])
  const members = new Set(membersOf(run, table).map(({ pid }) => pid))
  const own: Listener[] = []
  for (const listener of listeners) {
    for (const holder of listener.holders) {
      if (members.has(holder.pid) || (await world.machine.environmentOf(holder, runVariable)) === run.id) {
        own.push(listener)
        break
      }
    }
  }
  return own
}

async function someoneLeft(world: World, run: Run): Promise<boolean> {
  for (const member of await everyMember(world, run)) if (await world.machine.alive(member)) return true
  return false
}

async function giveUp(world: World, run: Run): Promise<void> {
  const { forced } = await endProcesses(world, await everyMember(world, run), graceMilliseconds, null)
  await world.journal.end(
    run.id,
    { code: null, signal: forced.size ? 'KILL' : 'TERM' },
    world.clock.now().toISOString(),
  )
}

async function failed(world: World, run: Run, { handOver }: Recipe, ending: Ending): Promise<Problem> {
  await world.journal.end(run.id, ending, world.clock.now().toISOString())
  const exit = ending.signal === null ? `exit code ${ending.code}` : `signal ${ending.signal}`
  const { service, port, log } = run
  const facts = { service, port, exit, log, lines: await tail(world, run) }
  // Whoever binds the port itself finds it taken, by the socket that it was handed.
  const isTaken = handOver && facts.lines.some((line) => /EADDRINUSE|address (is )?already in use/i.test(line))
  return new Problem(isTaken ? 'socket-not-taken' : 'start-exited', facts)
}

async function tooSlow(world: World, run: Run, seconds: number): Promise<Problem> {
  const members = new Set((await everyMember(world, run)).map(({ pid }) => pid))
  const everyone = await world.machine.listeners({ holders: 'all' })
  const others = everyone
    .filter(({ holders }) => holders.some(({ pid }) => members.has(pid)))
    .map(({ port, protocol }) => (protocol === 'tcp' ? String(port) : `${port}/udp`))
  await giveUp(world, run)
  const { service, port, log } = run
  return new Problem('start-silent', {
    service,
    port,
    seconds,
    others: [...new Set(others)],
    log,
    lines: await tail(world, run),
  })
}

async function tail(world: World, run: Run): Promise<string[]> {
  const { text } = await world.files.tail(run.log, -65_536, 65_536)
  return lastLines(text, shownLines)
}
