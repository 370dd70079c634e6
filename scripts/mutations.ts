/**
 * Plants every fault of `mutations/list.ts` in a copy of the sources, one at a time, and runs the tests that have to see it. Fails where one goes unseen. Words
 * behind `npm run mutations --` choose those whose names hold them.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { faults } from './mutations/list.ts'
import type { Fault } from './mutations/list.ts'

const root = join(import.meta.dir, '..')
const folder = mkdtempSync(join(tmpdir(), 'iza-ports-mutations-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const part of ['src', 'scripts', 'test', 'package.json', 'tsconfig.json']) {
  cpSync(join(root, part), join(folder, part), { recursive: true })
}
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))

const words = process.argv.slice(2)
const chosen = faults.filter(({ name }) => words.every((word) => name.includes(word)))
if (chosen.length === 0) {
  console.error(`No fault's name holds ${words.join(' and ')}. They are named in scripts/mutations/list.ts.`)
  process.exit(2)
}
let unseen = 0
for (const fault of chosen) {
  const seen = await isSeen(fault)
  if (!seen) unseen++
  console.log(`${seen ? 'seen  ' : 'UNSEEN'} ${fault.name}`)
}
console.log(`${chosen.length - unseen} of ${chosen.length} planted faults were seen`)
process.exit(unseen ? 1 : 0)

/** The tests pass on the sources as they are and fail on the fault: a test that fails anyway sees nothing. */
async function isSeen({ file, from, to, tests, only }: Fault): Promise<boolean> {
  const path = join(folder, file)
  const sound = readFileSync(path, 'utf8')
  if (!sound.includes(from)) throw new Error(`${file} does not hold ${JSON.stringify(from)} any more`)
  if (!(await passes(tests, only))) throw new Error(`${tests.join(' ')} fails without a fault`)
  writeFileSync(
    path,
    sound.replace(from, () => to),
  )
  const seen = !(await passes(tests, only))
  writeFileSync(path, sound)
  return seen
}

async function passes(tests: readonly string[], only: string | undefined): Promise<boolean> {
  const chosenTests = only === undefined ? [] : ['-t', only]
  const command = [process.execPath, 'test', '--bail', '--timeout', '60000', ...tests, ...chosenTests]
  const child = Bun.spawn(command, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'], detached: true })
  const code = await child.exited
  // A run that gives up at its first failure leaves the servers that it started behind; they are of its group.
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody was left.
  }
  return code === 0
}
