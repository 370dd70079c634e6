import type { ProcessIdentity } from '../core/listener.ts'
import { supervisorTurn } from '../core/setback.ts'
import type { World } from './world.ts'

/** Who keeps this user's services up at this moment, null where nobody does. */
export async function supervisorOf(world: World): Promise<ProcessIdentity | null> {
  const supervisor = await world.journal.turn(supervisorTurn)
  return supervisor && (await world.machine.alive(supervisor)) ? supervisor : null
}
