import { isProblem } from '../../../core/problem.ts'
import { openEtcdStore } from '../../etcd.ts'

/** Holds the claim `a` by a session of its own, and says `held`, then the code of the problem that ended it. */
const store = openEtcdStore(process.argv[2] ?? '')
const session = await store.openSession({ id: 'holder', owner: 'holder', host: 'box', ttl: 3_000 })
await store.commit({ id: 'hold', at: '', changes: [{ do: 'hold', id: 'a', fence: 1, session: session.id }] })
console.log('held')
try {
  for (;;) {
    await Bun.sleep(500)
    await session.renew()
  }
} catch (error) {
  console.log(isProblem(error) ? error.code : String(error))
}
