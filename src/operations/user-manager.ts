import { Problem } from '../core/problem.ts'
import type { Call } from './operation.ts'
import type { Answer, World } from './world.ts'

/** What the user's systemd says; null where this system has none. */
export async function askUserManager(world: World, words: readonly string[], call: Call): Promise<Answer | null> {
  if (world.files.system !== 'linux') return null
  const { cwd, environment, signal } = call
  const command = ['systemctl', '--user', ...words] as const
  return world.machine.answer({ command, cwd, environment, input: undefined, within: 30_000, signal })
}

/** Throws `boot-service-unavailable` where the user's systemd does not answer: a unit that nobody reads is a promise that nobody keeps. */
export async function requireUserManager(world: World, path: string, call: Call): Promise<void> {
  const unavailable = (why: string): Problem => new Problem('boot-service-unavailable', { why, path })
  if (world.files.system !== 'linux') throw unavailable(`on ${world.files.system} it is only printed`)
  const answer = await askUserManager(world, ['show-environment'], call)
  if (!answer) throw unavailable('there is no systemctl')
  if (answer.code !== 0) throw unavailable(`systemctl --user says: ${answer.said.trim() || 'nothing'}`)
}

/** Throws `boot-service-failed`. */
export async function tellUserManager(world: World, path: string, words: readonly string[], call: Call): Promise<void> {
  const answer = await askUserManager(world, words, call)
  if (answer?.code === 0) return
  const said = answer?.said.trim() || 'it gave no reason'
  throw new Problem('boot-service-failed', { command: `systemctl --user ${words.join(' ')}`, said, path })
}
