/**
 * Runs in a pid namespace of its own: `rounds.ts COUNT [careless]`. In each round a process that is to be ended dies between the look at it and its end, and somebody else gets its pid at once. Prints how
 * often the pid was used again, how often in the very tick in which the first one had begun, and how many foreign processes got a signal. `careless` takes the first look for good.
 */
import { writeFileSync } from 'node:fs'
import { treeOf } from '../../src/core/process.ts'
import type { ProcessRow } from '../../src/core/process.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { linuxMachine } from '../../src/machine/linux.ts'
import { endProcesses } from '../../src/operations/end.ts'
import { lookUntilSettled } from '../../src/operations/settled.ts'
import type { World } from '../../src/operations/world.ts'

const [count = '', careless] = process.argv.slice(2)
const machine = linuxMachine()
const world = { machine, clock: systemClock(() => machine.self().boot) } as World

const sleeper = (): Bun.Subprocess => Bun.spawn(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore'] })

/** A process with this pid, null where the system gave another one away; see ns_last_pid in proc_sys_kernel(5). */
function withPid(pid: number): Bun.Subprocess | null {
  writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1))
  const child = sleeper()
  if (child.pid === pid) return child
  child.kill('SIGKILL')
  return null
}

const done = { used: 0, sameTick: 0, foreign: 0 }
for (let round = 0; round < Number(count); round++) {
  const meant = sleeper()
  const look = async (): Promise<ProcessRow[]> => treeOf(await machine.processes(), meant.pid)
  const seen = careless ? await look() : await lookUntilSettled(world, look, (rows) => rows)
  meant.kill('SIGKILL')
  await meant.exited
  const other = withPid(meant.pid)
  if (!other) continue
  done.used++
  if ((await look())[0]?.start === seen[0]?.start) done.sameTick++
  await endProcesses(world, seen, 0, null)
  if (await Promise.race([other.exited.then(() => true), Bun.sleep(1).then(() => false)])) done.foreign++
  other.kill('SIGKILL')
  await other.exited
}
console.log(JSON.stringify(done))
