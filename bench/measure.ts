/** One thing to be timed: a command line, or work of our own. */
export interface Candidate {
  readonly name: string
  readonly run: () => unknown
}

/** Milliseconds. */
export interface Times {
  readonly median: number
  readonly least: number
}

const environment: Record<string, string | undefined> = { ...process.env, NO_COLOR: '1' }
// Costs Node 20 up to 50 ms a start, and nothing here talks TLS.
delete environment.NODE_EXTRA_CA_CERTS

/** The environment of every child, with what is added. */
export function environmentWith(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  return { ...environment, ...more }
}

/** Runs a command line to its end, with nothing to read and its output in a pipe that we empty. Throws where the exit code is not one of `good`. */
export function runCommand(
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
  good: readonly number[] = [0],
): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentWith(more),
  })
  if (!good.includes(exitCode)) throw new Error(`${words.join(' ')} ended with ${exitCode}: ${stderr.toString()}`)
  return stdout.toString()
}

/** A command line as a candidate. Its output goes to a pipe: what reads /dev/null may skip work. */
export function command(
  name: string,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Candidate {
  return { name, run: () => runCommand(words, more) }
}

/**
 * Wall time around each run, the candidates in turn (A B C A B C ...), so that what else the machine does meets all of them. One round before is not
 * counted: it fills the caches.
 */
export async function interleave<Names extends string>(
  candidates: Readonly<Record<Names, Candidate>>,
  rounds: number,
): Promise<Record<Names, Times>> {
  const entries = Object.entries<Candidate>(candidates)
  const taken = new Map<string, number[]>(entries.map(([key]) => [key, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [key, { run }] of entries) {
      const begin = performance.now()
      await run()
      const milliseconds = performance.now() - begin
      if (round >= 0) taken.get(key)?.push(milliseconds)
    }
  }
  return Object.fromEntries([...taken].map(([key, times]) => [key, timesOf(times)])) as Record<Names, Times>
}

export function timesOf(milliseconds: readonly number[]): Times {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, least: sorted[0] ?? Number.NaN }
}

/** What the first touch of a page of memory costs, in microseconds. What starts touches many: where they cost much, as on some virtual machines, a start takes longer beside `ss` than elsewhere. */
export function pageMicroseconds(): number {
  const [page, pages] = [4096, 8192]
  const memory = new Uint8Array(page * pages)
  const begin = performance.now()
  for (let at = 0; at < memory.length; at += page) memory[at] = 1
  return ((performance.now() - begin) * 1000) / pages
}
