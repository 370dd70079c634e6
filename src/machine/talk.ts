import type { Heard } from '../core/handshake.ts'
import type { Asking } from '../operations/world.ts'
export async function talk(asking: Asking): Promise<Heard | null> {
  void asking
  return null
}
