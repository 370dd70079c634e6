import type { Listener } from '../core/listener.ts'
import type { ListenerFollower } from '../operations/world.ts'

/** Follows the listeners where the system has no cheap way to see what has changed: everything is looked at every time. */
export function followByPolling(look: () => Promise<Listener[]>): ListenerFollower {
  let last: readonly Listener[] = []
  return {
    async look() {
      const now = await look()
      if (!Bun.deepEquals(now, last)) last = now
      return last
    },
    close() {},
  }
}
