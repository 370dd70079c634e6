import type { EnginePublish } from '../core/compose-check.ts'
import { isProblem, Problem } from '../core/problem.ts'
import { composeVersion } from '../formats/compose/version.ts'
import type { ComposeVersion } from '../formats/compose/version.ts'
import type { Call } from './operation.ts'
import type { Answer, World } from './world.ts'

/** A Compose of this machine, and how it is called. */
export interface ComposeProgram extends ComposeVersion {
  readonly command: readonly [string, ...string[]]
}

/** Both ways in which people call Compose, the one that is kept up first. */
const commands = [['docker', 'compose'], ['docker-compose']] as const

/** Milliseconds for what needs no engine. Compose 1 took 15 s to say its version on a machine with a load of 30 (November 2026). */
const patience = 60_000
/** An engine that hangs must not hang us for longer. */
const patienceWithEngine = 20_000
/** Whoever waits for longer wants to know for what. */
const talkAfter = 1000

/** Every Compose that is there. */
export async function findComposes(world: World, call: Call): Promise<ComposeProgram[]> {
  const found = await Promise.all(
    commands.map(async (command): Promise<ComposeProgram[]> => {
      const answer = await ask(world, call, [...command, 'version', '--short'])
      const version = answer?.code === 0 ? composeVersion(answer.out) : null
      return version ? [{ ...version, command: [command[0], ...command.slice(1)] }] : []
    }),
  )
  return found.flat()
}

/** Asks a program that only answers. Null where it is not there or may not be started: it can be done without. Throws `interrupted`. */
export async function ask(
  world: World,
  call: Call,
  [program, ...words]: readonly [string, ...string[]],
  { input, within = patience }: { readonly input?: string | undefined; readonly within?: number } = {},
): Promise<Answer | null> {
  const answered = new AbortController()
  void tellLater(world, call, `asking ${program} ${words.join(' ')}`, answered.signal)
  try {
    const { cwd, environment, signal } = call
    const answer = await world.machine.answer({ command: [program, ...words], cwd, environment, input, within, signal })
    if (signal.aborted) throw new Problem('interrupted', { what: 'asking Compose', left: 'Nothing was changed.' })
    return answer
  } catch (error) {
    if (isProblem(error, 'spawn-failed')) return null
    throw error
  } finally {
    answered.abort()
  }
}

async function tellLater(world: World, call: Call, line: string, answered: AbortSignal): Promise<void> {
  await world.clock.sleep(talkAfter, answered)
  if (!answered.aborted) call.progress(line)
}

/** What the containers of every project publish now, or null where no engine answers. */
export async function enginePublishes(
  world: World,
  call: Call,
  compose: ComposeProgram,
): Promise<EnginePublish[] | null> {
  const { readProjectNames, readPublishers } = await import('../formats/compose/engine-json.ts')
  const withEngine = { within: patienceWithEngine }
  const projects = await ask(world, call, [...compose.command, 'ls', '--format', 'json'], withEngine)
  if (projects?.code !== 0) return null
  const answers = await Promise.all(
    readProjectNames(projects.out).map(async (project) => {
      const containers = await ask(
        world,
        call,
        [...compose.command, '-p', project, 'ps', '--format', 'json'],
        withEngine,
      )
      return containers?.code === 0 ? readPublishers(containers.out, project) : []
    }),
  )
  return answers.flat()
}
