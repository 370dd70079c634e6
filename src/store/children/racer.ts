import { allocate, putService } from '../contract/changes.ts'
import type { Commit, Committed } from '../../core/commit.ts'
import { isProblem } from '../../core/problem.ts'
import { inTurn } from '../../machine/writers.ts'
import { openSqliteStore } from '../sqlite.ts'
import { say, waitAtGate } from './gate.ts'

/**
 * Arguments: the registry's path, a name, how many ports to take out of 3000-3999, `alone` to stand in no queue, as a program of another user would. Says each
 * port that it got.
 */
const [, , path = '', name = '', turns = '1', queue = ''] = process.argv
const store = openSqliteStore({ path, host: 'box', ...(queue === 'alone' ? {} : { inTurn }) })
const candidates = Array.from({ length: 1000 }, (_, index) => 3000 + index)
waitAtGate()
await commitAtLast({ id: `${name} put`, at: '', changes: [putService(name)] })
for (let turn = 0; turn < Number(turns); turn++) {
  const change = allocate(name, candidates, { id: `${name} ${turn}` })
  const { allocations } = await commitAtLast({ id: `${name} ${turn}`, at: '', changes: [change] })
  for (const { port } of allocations) say({ port })
}
await store.close()

/**
 * On a machine that is loaded enough, a racer waits for the lock longer than a person would: `busy` says that nothing was done. Only who did wait that long may
 * be told so.
 */
async function commitAtLast(commit: Commit): Promise<Committed> {
  for (;;) {
    const begin = performance.now()
    try {
      return await store.commit(commit)
    } catch (error) {
      if (!isProblem(error, 'busy') || performance.now() - begin < 1_000) throw error
    }
  }
}
