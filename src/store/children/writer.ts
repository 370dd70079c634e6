import type { Attempt } from '../history/attempt.ts'
import { randomFrom } from '../history/random.ts'
import { write } from '../history/writing.ts'
import { openEtcdStore } from '../etcd.ts'
import { inTurn } from '../../machine/writers.ts'
import { openSqliteStore } from '../sqlite.ts'
import { say } from './gate.ts'

/** What the writer says: every commit before it is asked for, and how it ended. */
export type Said =
  | { readonly asks: Pick<Attempt, 'id' | 'changes' | 'asked'> }
  | { readonly ends: Pick<Attempt, 'id' | 'ended' | 'outcome'> }

/**
 * Claims and releases until it is killed. Arguments: a path or an address of etcd, a name, a seed. With an odd seed it stands in no queue, as a program of another
 * user would.
 */
if (import.meta.main) {
  const [, , place = '', name = '', seed = '0'] = process.argv
  const queue = Number(seed) % 2 ? {} : { inTurn }
  const store = place.startsWith('etcd://')
    ? openEtcdStore(place)
    : openSqliteStore({ path: place, host: 'box', ...queue })
  await write(store, name, randomFrom(Number(seed)), () => false, {
    asks: (asks) => say({ asks }),
    ends: ({ id, ended, outcome }) => say({ ends: { id, ended, outcome } }),
  })
}
