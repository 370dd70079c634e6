import { inTurn } from '../../machine/writers.ts'
import { openJournal } from '../journal.ts'
import { runOf } from './run.ts'
import { say } from './gate.ts'

/** Begins runs until it is killed, and ends every second one. Says each id once it is acknowledged. */
const [, , path = '', name = ''] = process.argv
const journal = openJournal({ path, inTurn })
for (let turn = 0; ; turn++) {
  const id = `${name} ${turn}`
  await journal.begin(runOf(id))
  say({ begun: id })
  if (turn % 2 === 0) continue
  await journal.end(id, { code: 0, signal: null }, 'later')
  say({ ended: id })
}
