import type { ProcessIdentity } from '../../core/listener.ts'
import { errorCode } from '../error-code.ts'
import type { Libc } from '../native/libc.ts'
import { signalThroughPidfd } from '../native/pidfd.ts'
import { isAlive } from './identity.ts'

/** The same on every architecture of ours, see signal(7). */
const numbers = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, TERM: 15, USR2: 12 } as const
type SignalName = keyof typeof numbers

/** Signals exactly this process, through a pidfd where there is one. `gone` when it ended, whoever has the pid now. */
export function signalProcess(
  process: ProcessIdentity,
  name: SignalName,
  libc: Libc | null,
): 'sent' | 'gone' | 'denied' {
  const isSame = (): boolean => isAlive(process)
  const answer = libc && signalThroughPidfd(libc, process.pid, numbers[name], isSame)
  return answer ?? signalByPid(process.pid, name, isSame)
}

/** The portable way: between the look and the signal the pid could change hands, which takes a whole round of pids in microseconds. */
function signalByPid(pid: number, name: SignalName, isSame: () => boolean): 'sent' | 'gone' | 'denied' {
  if (!isSame()) return 'gone'
  try {
    process.kill(pid, `SIG${name}`)
    return 'sent'
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ESRCH') return 'gone'
    if (code === 'EPERM') return 'denied'
    throw error
  }
}
