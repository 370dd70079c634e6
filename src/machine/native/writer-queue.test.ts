import { expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanUp, cleanUpAfterEach, firstLine, run, runProgram, temporaryFolder } from '../live.fixture.ts'
import { openLibc } from './libc.ts'
import { openWriterQueue } from './writer-queue.ts'
import type { WriterQueue } from './writer-queue.ts'
import { removeQueue, waitingIn } from './writer-queue.fixture.ts'

cleanUpAfterEach()

const line = 7

/** Enters the line of a queue, writes its name down, says so, and leaves unless it is to stay. */
const enters = `
  const [key, stays, name, file] = process.argv.slice(1)
  const { openLibc } = await import('${join(import.meta.dir, 'libc.ts')}')
  const { openWriterQueue } = await import('${join(import.meta.dir, 'writer-queue.ts')}')
  const queue = openWriterQueue(openLibc(), 600_000, Number(key))
  process.on('SIGUSR2', () => {})
  queue.enter(${line})
  if (file) (await import('node:fs')).appendFileSync(file, name)
  console.log('in')
  if (stays === 'stays') await new Promise((resolve) => setTimeout(resolve, 600_000))
  queue.leave(${line})`

/** A queue that no other program knows. */
function newKey(): number {
  const key = 1 + Math.floor(Math.random() * 0x7ffffffe)
  cleanUp(() => removeQueue(key))
  return key
}

function queueOf(key: number, patience: number): WriterQueue {
  const libc = openLibc()
  const queue = libc && openWriterQueue(libc, patience, key)
  if (!queue) throw new Error('the kernel gives no queue')
  return queue
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await Bun.sleep(2)
  }
}

/** Has four programs come into the line one after the other, and gives the order in which they were served once we leave it. */
async function orderOfFour(each: (child: ReturnType<typeof run>) => void = () => {}): Promise<string> {
  const key = newKey()
  const queue = queueOf(key, 60_000)
  expect(queue.enter(line)).toBe(true)
  const file = join(temporaryFolder(), 'order')
  const served: Promise<string>[] = []
  for (const name of ['a', 'b', 'c', 'd']) {
    const child = run([process.execPath, '-e', enters, String(key), 'leaves', name, file])
    served.push(firstLine(child.stdout))
    await until(() => waitingIn(line, key) === served.length, `${served.length} wait`)
    each(child)
  }
  expect(existsSync(file)).toBe(false)
  queue.leave(line)
  await Promise.all(served)
  return readFileSync(file, 'utf8')
}

test('serves whoever came first, one at a time', async () => {
  expect(await orderOfFour()).toBe('abcd')
})

test('sends nobody on without a turn because of a signal', async () => {
  const order = await orderOfFour((child) => child.kill('SIGUSR2'))
  expect(order.split('').toSorted().join('')).toBe('abcd')
})

test('takes the turn back from a program that is killed', async () => {
  const key = newKey()
  const { child } = await runProgram(enters, String(key), 'stays')
  const waits = runProgram(enters, String(key))
  await until(() => waitingIn(line, key) === 1, 'one waits')
  child.kill('SIGKILL')
  expect((await waits).line).toBe('in')
})

test('lets who has waited long enough go on without a turn, beside a program that is stopped with it', async () => {
  const key = newKey()
  const { child } = await runProgram(enters, String(key), 'stays')
  child.kill('SIGSTOP')
  expect(queueOf(key, 20).enter(line)).toBe(false)
  child.kill('SIGKILL')
  await child.exited
  const queue = queueOf(key, 60_000)
  expect(queue.enter(line)).toBe(true)
  queue.leave(line)
  expect(queue.enter(line)).toBe(true)
})

test('keeps the lines apart', () => {
  const queue = queueOf(newKey(), 20)
  expect([queue.enter(1), queue.enter(2), queue.enter(1)]).toEqual([true, true, false])
})

const isRoot = process.getuid?.() === 0
const reason = isRoot ? '' : ' (skipped: only root can become somebody else)'

test.skipIf(!isRoot)(`does not stand in a queue that somebody else has made${reason}`, async () => {
  const key = newKey()
  const libcPath = join(import.meta.dir, 'libc.ts')
  const queuePath = join(import.meta.dir, 'writer-queue.ts')
  const makes = `
    const libc = (await import('${libcPath}')).openLibc()
    const { lines, SYS_semget } = await import('${queuePath}')
    process.setgid(65534)
    process.setuid(65534)
    console.log(Number(libc.syscall(SYS_semget, ${key}, lines, 0o1666, 0)) >= 0)`
  expect((await runProgram(makes)).line).toBe('true')
  const libc = openLibc()
  expect(libc && openWriterQueue(libc, 20, key)).toBeNull()
})
