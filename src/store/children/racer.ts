import { allocate, putService } from '../contract/changes.ts'
import { openSqliteStore } from '../sqlite.ts'
import { say, waitAtGate } from './gate.ts'

/** Arguments: the registry's path, a name, how many ports to take out of 3000-3999. Says each port that it got. */
const [, , path = '', name = '', turns = '1'] = process.argv
const store = openSqliteStore({ path, host: 'box' })
const candidates = Array.from({ length: 1000 }, (_, index) => 3000 + index)
waitAtGate()
await store.commit({ id: `${name} put`, at: '', changes: [putService(name)] })
for (let turn = 0; turn < Number(turns); turn++) {
  const change = allocate(name, candidates, { id: `${name} ${turn}` })
  const { allocations } = await store.commit({ id: `${name} ${turn}`, at: '', changes: [change] })
  for (const { port } of allocations) say({ port })
}
await store.close()
