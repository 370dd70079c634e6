import { join } from 'node:path'
import type { Measured } from '../src/store/children/claimer.ts'

export interface Together {
  /** Claims and releases in a second, from the moment when all began until the last one was through. */
  readonly rate: number
  readonly tripsPerCommit: number
  /** Milliseconds of one claim: the middle of all programs' medians, and the largest of their 99th percentiles. */
  readonly median: number
  readonly p99: number
}

/**
 * So many programs claim from one registry at the same moment, each so many ports, out of a range that never gets near to full: what is measured is claiming, not
 * looking through thousands of taken ports, which a command that knows the registry never does.
 */
export async function claimTogether(place: string, programs: number, turns: number): Promise<Together> {
  const script = join(import.meta.dir, '../src/store/children/claimer.ts')
  const children = Array.from({ length: programs }, (_, index) =>
    Bun.spawn([process.execPath, script, place, `p${index}`, String(turns), 'own', '8000'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  const readers = children.map(({ stdout }) => stdout.getReader())
  await Promise.all(readers.map((reader) => reader.read()))
  for (const { stdin } of children) await stdin.end()
  const measured: Measured[] = await Promise.all(
    readers.map(async (reader) => JSON.parse(new TextDecoder().decode((await reader.read()).value))),
  )
  const sum = (of: (one: Measured) => number): number => measured.reduce((total, one) => total + of(one), 0)
  const medians = measured.map(({ median }) => median).toSorted((a, b) => a - b)
  return {
    rate: sum(({ commits }) => commits) / Math.max(...measured.map(({ seconds }) => seconds)),
    tripsPerCommit: sum(({ asked }) => asked) / sum(({ commits }) => commits),
    median: medians[medians.length >> 1] ?? Number.NaN,
    p99: Math.max(...measured.map(({ p99 }) => p99)),
  }
}
