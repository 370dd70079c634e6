/**
 * Runs all tests against a fresh build and closes with `N passed, N failed`. Under `CI=true` a skipped test is a failure: there nothing may be missing.
 * Words behind `npm test --` go to `bun test`.
 */
const bun = process.execPath
const environment: Record<string, string | undefined> = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }

const build = Bun.spawnSync([bun, 'scripts/build.ts'], { stdout: 'inherit', stderr: 'inherit' })
if (build.exitCode !== 0) process.exit(build.exitCode ?? 1)

const tests = Bun.spawn([bun, 'test', '--timeout', '60000', ...process.argv.slice(2)], {
  env: environment,
  stdout: 'inherit',
  stderr: 'pipe',
})
let tail = ''
const decoder = new TextDecoder()
for await (const chunk of tests.stderr) {
  process.stderr.write(chunk)
  tail = (tail + decoder.decode(chunk, { stream: true })).slice(-8192)
}
const status = await tests.exited
const counted = (word: string): number => Number(new RegExp(`^\\s*(\\d+) ${word}$`, 'm').exec(tail)?.[1] ?? 0)
const [passed, failed, skipped] = [counted('pass'), counted('fail'), counted('skip')]
const forbiddenSkips = process.env.CI === 'true' && skipped > 0
if (forbiddenSkips)
  console.error('Under CI=true a skipped test is a failure: install what it needs in scripts/prepare.')
console.log(
  `${passed} passed, ${failed + (forbiddenSkips ? skipped : 0)} failed${skipped ? `, ${skipped} skipped` : ''}`,
)
process.exit(status !== 0 || passed === 0 || forbiddenSkips ? 1 : 0)
