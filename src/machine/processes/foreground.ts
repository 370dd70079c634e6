import type { Ending } from '../../core/process.ts'
import { Problem } from '../../core/problem.ts'
import type { Command } from '../../operations/world.ts'
import { endingOf, reasonOf } from './spawn.ts'

/**
 * Runs a program where we stand: it has our input, our outputs and our process group, so that a terminal's Ctrl-C reaches it as if we were not there. We stay
 * until it has ended, whatever signal comes; those that a terminal does not send to the whole group are passed on.
 */
export async function runInForeground({ command, cwd, environment }: Command): Promise<Ending> {
  const child = start(command, cwd, environment)
  const passOn = (signal: NodeJS.Signals): void => child.kill(signal)
  const fromTerminal = process.stdin.isTTY ? [] : (['SIGINT', 'SIGQUIT'] as const)
  const passed = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', ...fromTerminal] as const
  const ignored = process.stdin.isTTY ? (['SIGINT', 'SIGQUIT'] as const) : []
  const nothing = (): void => {}
  for (const signal of passed) process.on(signal, passOn)
  for (const signal of ignored) process.on(signal, nothing)
  try {
    return endingOf(await child.exited, child.signalCode)
  } finally {
    for (const signal of passed) process.off(signal, passOn)
    for (const signal of ignored) process.off(signal, nothing)
  }
}

function start(command: Command['command'], cwd: string, environment: Command['environment']) {
  try {
    return Bun.spawn([...command], { cwd, env: { ...environment }, stdio: ['inherit', 'inherit', 'inherit'] })
  } catch (error) {
    throw new Problem('spawn-failed', { command: command.join(' '), why: reasonOf(error, command[0]) })
  }
}
