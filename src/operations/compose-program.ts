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
/** Each question is a process of its own. */
const mostAtOnce = 8
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
  // From nowhere: what lies in a project's folder (its .env, its files) has no say in which containers there are.
  const environment = Object.fromEntries(
    Object.entries(call.environment).filter(([name]) => !name.startsWith('COMPOSE_')),
  )
  const nowhere: Call = { ...call, cwd: '/', environment }
  const asked = async (...words: string[]): Promise<Answer | null> =>
    await ask(world, nowhere, [...compose.command, ...words, '--format', 'json'], { within: patienceWithEngine })
  const listed = await asked('ls')
  if (listed?.code !== 0) return null
  const names = readProjectNames(listed.out)
  const published: EnginePublish[] = []
  for (let at = 0; at < names.length; at += mostAtOnce) {
    const some = names.slice(at, at + mostAtOnce)
    const answers = await Promise.all(some.map((project) => asked('-p', project, 'ps')))
    for (const [index, answer] of answers.entries()) {
      if (answer?.code === 0) published.push(...readPublishers(answer.out, some[index] ?? ''))
    }
  }
  return published
}
