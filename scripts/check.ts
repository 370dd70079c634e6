/** Every gate beside the tests, each run to its end so that one look shows all that is wrong. */
const bun = process.execPath
const gates: readonly [string, readonly string[]][] = [
  ['types', ['node_modules/.bin/tsc', '--noEmit', '-p', '.']],
  ['core is pure', ['node_modules/.bin/tsc', '--noEmit', '-p', 'src/core']],
  ['floors', [bun, 'scripts/floors.ts']],
  ['lint', ['node_modules/.bin/oxlint', '--type-aware', '--deny-warnings', 'src', 'test', 'bench', 'scripts']],
  ['format', ['node_modules/.bin/oxfmt', '--check', '.']],
  ['unused code', ['node_modules/.bin/knip']],
  ['reference', [bun, 'scripts/reference.ts', '--check']],
]

let failures = 0
for (const [name, command] of gates) {
  const begin = performance.now()
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command])
  const good = exitCode === 0
  if (!good) failures++
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - begin) / 1000).toFixed(1)} s)`)
  if (!good) console.log(`${stdout.toString()}${stderr.toString()}`)
}
process.exit(failures ? 1 : 0)
