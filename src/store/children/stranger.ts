import { isProblem } from '../../core/problem.ts'
import { putService } from '../contract/changes.ts'
import { inTurn } from '../../machine/writers.ts'
import { openSqliteStore } from '../sqlite.ts'
import { say } from './gate.ts'

/** What the stranger says: the revision it read, or the code of the problem, and how its commit ended. */
export interface StrangerSaid {
  readonly read: number | string
  readonly commit: number | string
}

if (import.meta.main) await visit(process.argv[2] ?? '')

/** Reads and commits as a user without rights (uid 65534) when started as root, else as the user it is. */
async function visit(path: string): Promise<void> {
  if (process.getuid?.() === 0) {
    process.setgroups?.([])
    process.setgid?.(65534)
    process.setuid?.(65534)
  }
  const store = openSqliteStore({ path, host: 'box', inTurn })
  const answer: StrangerSaid = {
    read: await outcome(store.read()),
    commit: await outcome(store.commit({ id: 'stranger', at: '', changes: [putService('Stranger')] })),
  }
  await store.close()
  say(answer)
}

async function outcome(work: Promise<{ revision: number }>): Promise<number | string> {
  try {
    return (await work).revision
  } catch (error) {
    if (isProblem(error)) return error.code
    throw error
  }
}
