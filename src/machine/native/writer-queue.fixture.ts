import { openLibc } from './libc.ts'
import { ownKey, SYS_semctl, SYS_semget } from './writer-queue.ts'

const GETZCNT = 15
const IPC_RMID = 0

/** How many programs wait for their turn in a line, see semctl(2). */
export function waitingIn(line: number, key = ownKey): number {
  return Math.max(0, control(line, GETZCNT, key))
}

export function removeQueue(key: number): void {
  control(0, IPC_RMID, key)
}

function control(line: number, command: number, key: number): number {
  const libc = openLibc()
  if (!libc) throw new Error('there is no C library')
  const set = Number(libc.syscall(SYS_semget, key, 0, 0, 0))
  return set < 0 ? -1 : Number(libc.syscall(SYS_semctl, set, line, command, 0))
}
