import type { Unit } from '../../core/stop/unit.ts'
import { readSockets, readUnit } from '../../formats/systemd.ts'
import type { Call } from '../operation.ts'
import type { Answer, World } from '../world.ts'

/** How long systemd may take to tell something, in milliseconds. */
const telling = 2000

/** What systemd says, for the system's manager or the user's own; null where there is none or it does not answer. */
async function systemctl(
  world: World,
  ofUser: boolean,
  words: readonly string[],
  call: Call,
  within = telling,
): Promise<Answer | null> {
  if (world.files.system !== 'linux') return null
  const command = ['systemctl', ...(ofUser ? ['--user'] : []), '--no-ask-password', ...words] as const
  const { environment, signal } = call
  return world.machine.answer({ command, cwd: '/', environment, input: undefined, within, signal })
}

/** The unit as its manager tells of it; null where that one does not answer, or does not know it. */
export async function unitNamed(world: World, name: string, ofUser: boolean, call: Call): Promise<Unit | null> {
  const answer = await systemctl(world, ofUser, ['show', '--property=LoadState,Restart,TriggeredBy', '--', name], call)
  return answer?.code === 0 ? readUnit(answer.out, name, ofUser) : null
}

/** The unit for whose socket a manager listens on the port, with the socket as what starts it; null where it listens for none. */
export async function unitListenedFor(world: World, port: number, ofUser: boolean, call: Call): Promise<Unit | null> {
  const words = ['list-sockets', '--all', '--full', '--no-legend', '--plain']
  const answer = await systemctl(world, ofUser, words, call)
  if (answer?.code !== 0) return null
  const found = readSockets(answer.out).find((socket) => socket.port === port)
  if (!found) return null
  const [service] = found.activates
  const unit = service === undefined ? null : await unitNamed(world, service, ofUser, call)
  // A socket that starts a new service for every connection has no service of its own to stop.
  return unit
    ? { ...unit, triggers: [...new Set([...unit.triggers, found.unit])] }
    : { name: found.unit, ofUser, restart: 'no', triggers: [] }
}

/** Stops the unit and what would start it again; why not where it does not stop. systemd itself forces what does not end in its time. */
export async function stopUnit(
  world: World,
  { name, ofUser, triggers }: Unit,
  within: number,
  call: Call,
): Promise<string | null> {
  call.progress(`systemd stops ${name}`)
  const answer = await systemctl(world, ofUser, ['stop', '--', ...triggers, name], call, within)
  if (answer?.code === 0) return null
  if (answer === null) return 'there is no systemctl'
  return answer.code === null ? 'systemd is still at it' : answer.said.trim() || 'systemd gave no reason'
}
