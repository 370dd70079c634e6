import { readFileSync } from 'node:fs'
import type { ProcessIdentity } from '../../core/listener.ts'
import { isAlive } from './identity.ts'

/** The variable's value when the process was started (proc_pid_environ(5)). Null where it had none, hides it, or is gone. */
export function environmentOf(process: ProcessIdentity, variable: string): string | null {
  const text = readEnvironment(process.pid)
  // Checked after reading: who has the pid now and is the same had it then.
  if (text === null || !isAlive(process)) return null
  const prefix = `${variable}=`
  const entry = text.split('\0').find((candidate) => candidate.startsWith(prefix))
  return entry === undefined ? null : entry.slice(prefix.length)
}

function readEnvironment(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return null
  }
}
