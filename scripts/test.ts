/**
 * Runs all tests against a fresh build and closes with `N passed, N failed`. Under `CI=true` a skipped test is a failure: there nothing may be missing.
 * Up to three files with failures are run once more, each alone; what passes then is named as unsteady. Words behind `npm test --` go to `bun test`.
 */
const bun = process.execPath
const environment: Record<string, string | undefined> = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }

/** More files than this do not fail by chance. */
const mostAgain = 3

interface Outcome {
  readonly status: number
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** The titles of what failed, by file. */
  readonly failures: ReadonlyMap<string, readonly string[]>
}

const build = Bun.spawnSync([bun, 'scripts/build.ts'], { stdout: 'inherit', stderr: 'inherit' })
if (build.exitCode !== 0) process.exit(build.exitCode ?? 1)

const first = await runTests(process.argv.slice(2))
const unsteady = await passAlone(first)
const failed = first.failed - unsteady.length
const forbidden = process.env.CI === 'true' ? first.skipped : 0
if (forbidden) console.error('Under CI=true a skipped test is a failure: install what it needs in scripts/prepare.')
for (const test of unsteady) console.log(`unsteady, passed only when run alone: ${test}`)
const more = [
  [first.skipped, 'skipped'],
  [unsteady.length, 'unsteady'],
].flatMap(([count, word]) => (count ? [`, ${count} ${word}`] : []))
console.log(`${first.passed + unsteady.length} passed, ${failed + forbidden} failed${more.join('')}`)
const whole = first.status === 0 || (unsteady.length > 0 && failed === 0)
process.exit(whole && first.passed > 0 && !forbidden ? 0 : 1)

/** What failed in one of the files and passed when the whole file was run once more. */
async function passAlone({ failed: count, failures }: Outcome): Promise<string[]> {
  // A failure outside of any file, as an error between two tests, is none that could be run again.
  if (failures.size > mostAgain || [...failures.values()].flat().length !== count) return []
  const passed: string[] = []
  for (const [file, titles] of failures) {
    console.error(`\n${file} has failed and is run once more, alone.`)
    const { status } = await runTests([file])
    if (status === 0) passed.push(...titles.map((title) => `${file}: ${title}`))
  }
  return passed
}

async function runTests(words: readonly string[]): Promise<Outcome> {
  const tests = Bun.spawn([bun, 'test', '--timeout', '60000', ...words], {
    env: environment,
    stdout: 'inherit',
    stderr: 'pipe',
  })
  const counts = new Map<string, number>()
  const failures = new Map<string, string[]>()
  let [file, rest] = ['', '']
  const decoder = new TextDecoder()
  for await (const chunk of tests.stderr) {
    process.stderr.write(chunk)
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      // Behind all files the failures are listed again, under a heading of their own.
      file = /^\d+ tests? failed:$/.test(line) ? '' : (/^(\S+\.test\.ts):$/.exec(line)?.[1] ?? file)
      const title = /^\(fail\) (.*?)(?: \[[\d.]+ms\])?$/.exec(line)?.[1]
      if (title !== undefined && file) failures.set(file, [...(failures.get(file) ?? []), title])
      const [, count, word] = /^\s*(\d+) (pass|fail|skip)$/.exec(line) ?? []
      if (word) counts.set(word, Number(count))
    }
  }
  return {
    status: await tests.exited,
    passed: counts.get('pass') ?? 0,
    failed: counts.get('fail') ?? 0,
    skipped: counts.get('skip') ?? 0,
    failures,
  }
}
