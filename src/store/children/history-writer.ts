import { inTurn } from '../../machine/writers.ts'
import { openJournal } from '../journal.ts'
import { say } from './gate.ts'
import { tenure, watch } from './tenure.ts'

/** Writes tenures down until it is killed, and ends every second one. Says each key once it is acknowledged. */
const [, , path = '', name = ''] = process.argv
const journal = openJournal({ path, inTurn })
for (let turn = 0; ; turn++) {
  const key = `${name} ${turn}`
  await journal.record({ watch: watch(name, turn), begun: [tenure(key, turn)], ended: [], verdicts: [] })
  say({ begun: key })
  if (turn % 2 === 0) continue
  const ended = [{ key, until: turn + 1, ending: 'closed' as const }]
  await journal.record({ watch: watch(name, turn), begun: [], ended, verdicts: [] })
  say({ ended: key })
}
