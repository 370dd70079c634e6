import { Problem } from '../../core/problem.ts'
import type { Answer, Question } from '../../operations/world.ts'
import { errorCode } from '../error-code.ts'
import { endingOf, reasonOf } from './spawn.ts'

/** More than this is no answer to any question of ours; the program is ended. */
const mostBytes = 64 * 1024 * 1024

/** Runs a program to its end and gives what it wrote. It is ended for good when its time is over: what it was asked changes nothing. */
export async function answerOf({ command, cwd, environment, input, within, signal }: Question): Promise<Answer | null> {
  try {
    const child = Bun.spawn([...command], {
      cwd,
      env: { ...environment },
      stdin: input === undefined ? 'ignore' : new TextEncoder().encode(input),
      stdout: 'pipe',
      stderr: 'pipe',
      timeout: within,
      signal,
      killSignal: 'SIGKILL',
      maxBuffer: mostBytes,
    })
    const [code, out, said] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()])
    return { code: endingOf(code, child.signalCode).code, out, said }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw new Problem('spawn-failed', { command: command.join(' '), why: reasonOf(error, command[0]) })
  }
}
