import { startChild, until } from '../children/start.ts'
import type { Said } from '../children/writer.ts'
import type { Attempt } from './attempt.ts'
import { randomFrom } from './random.ts'

/** How many programs write at the same time. */
const slots = 8

/**
 * Kills (SIGKILL) so many writers at random moments: most at work, every fourth somewhere between its start and its first commit. Gives what each asked for
 * and was told.
 */
export async function storm(place: string, kills: number, seed: number): Promise<Attempt[]> {
  const attempts: Attempt[] = []
  let started = 0
  const lives = async (slot: number): Promise<void> => {
    const random = randomFrom(seed + slot)
    while (started < kills) {
      const name = `writer ${++started}`
      const child = startChild('writer', place, name, String(Math.floor(random() * 1e9)))
      if (random() < 0.75) await until(() => child.said.some((said) => 'ends' in said), child)
      await Bun.sleep(random() * 120)
      child.kill()
      attempts.push(...attemptsOf(await child.ended))
    }
  }
  await Promise.all(Array.from({ length: slots }, (_, slot) => lives(slot)))
  return attempts
}

/** What was asked for and has no end was cut off by the kill: its outcome is open. */
function attemptsOf(said: readonly Said[]): Attempt[] {
  const ends = new Map(said.flatMap((one) => ('ends' in one ? [[one.ends.id, one.ends] as const] : [])))
  return said.flatMap((one) => {
    if (!('asks' in one)) return []
    return { ended: null, outcome: { kind: 'open' as const }, ...one.asks, ...ends.get(one.asks.id) }
  })
}
