import type { ProcessIdentity } from '../../core/listener.ts'
import { treeOf } from '../../core/process.ts'
import type { Ending } from '../../core/process.ts'
import { Problem } from '../../core/problem.ts'
import type { Command } from '../../operations/world.ts'
import { openLibc } from '../native/libc.ts'
import { isAlive } from './identity.ts'
import { signalProcess } from './signal.ts'
import { endingOf, reasonOf } from './spawn.ts'
import { readProcesses } from './table.ts'

/** How long we stay for those that are left when the command itself has ended, in milliseconds: as long as a container engine waits. */
const patience = 10_000

/**
 * Runs a program where we stand: it has our input, our outputs and our process group, so that a terminal's Ctrl-C reaches it as if we were not there. We stay
 * until it has ended, whatever signal comes; those that a terminal does not send to the whole group are passed on.
 */
export async function runInForeground({ command, cwd, environment }: Command): Promise<Ending> {
  const child = start(command, cwd, environment)
  const below = new Map<number, ProcessIdentity>()
  const passOn = (signal: NodeJS.Signals): void => {
    if (!signal.startsWith('SIGUSR')) for (const row of treeOf(readProcesses(), child.pid)) below.set(row.pid, row)
    child.kill(signal)
  }
  const fromTerminal = process.stdin.isTTY ? [] : (['SIGINT', 'SIGQUIT'] as const)
  const passed = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', ...fromTerminal] as const
  const ignored = process.stdin.isTTY ? (['SIGINT', 'SIGQUIT'] as const) : []
  const nothing = (): void => {}
  for (const signal of passed) process.on(signal, passOn)
  for (const signal of ignored) process.on(signal, nothing)
  try {
    const ending = endingOf(await child.exited, child.signalCode)
    await endLeftBehind([...below.values()])
    return ending
  } finally {
    for (const signal of passed) process.off(signal, passOn)
    for (const signal of ignored) process.off(signal, nothing)
  }
}

/**
 * A shell or npm ends with the signal and leaves the server that it started on its port. Whoever is left gets the signal then, and not before: a server that
 * is asked to end a second time often ends at once, whatever it was doing.
 */
async function endLeftBehind(processes: readonly ProcessIdentity[]): Promise<void> {
  const left = processes.filter((one) => signalProcess(one, 'TERM', openLibc()) === 'sent')
  const end = performance.now() + patience
  while (performance.now() < end && left.some(isAlive)) await Bun.sleep(20)
}

function start(command: Command['command'], cwd: string, environment: Command['environment']) {
  try {
    return Bun.spawn([...command], { cwd, env: { ...environment }, stdio: ['inherit', 'inherit', 'inherit'] })
  } catch (error) {
    throw new Problem('spawn-failed', { command: command.join(' '), why: reasonOf(error, command[0]) })
  }
}
