/** Runs the measurements that its arguments name, or all of them, and prints what they find. Nothing is asserted: `README.md` tells how to read it. */
import { cpus, release } from 'node:os'
import { measureAudit } from './audit.ts'
import { measureFollow } from './follow.ts'
import { measureDrift } from './drift.ts'
import { measureClaims, measureEtcdClaims } from './claims.ts'
import { measureCollisions } from './collisions.ts'
import { measureFleet } from './fleet.ts'
import { measureImport } from './import.ts'
import { measureKill } from './kill.ts'
import { measureKillPeers } from './kill-peers.ts'
import { measureListeners } from './listeners.ts'
import { pageMicroseconds } from './measure.ts'
import { measureMemory } from './memory.ts'
import { measureScan } from './scan.ts'
import { measureServe } from './serve.ts'
import { measureStart } from './start.ts'
import { measureStartUp } from './start-up.ts'
import { measureStatus } from './status.ts'
import { measureWatch } from './watch.ts'
import { measureWho } from './who.ts'

const measurements: Readonly<Record<string, () => Promise<void>>> = {
  'start-up': measureStartUp,
  status: measureStatus,
  who: measureWho,
  listeners: measureListeners,
  scan: measureScan,
  follow: measureFollow,
  watch: measureWatch,
  memory: measureMemory,
  import: measureImport,
  audit: measureAudit,
  drift: measureDrift,
  kill: measureKill,
  'kill-peers': measureKillPeers,
  start: measureStart,
  serve: measureServe,
  claims: measureClaims,
  'claims-etcd': measureEtcdClaims,
  collisions: measureCollisions,
  fleet: measureFleet,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in measurements))
if (unknown.length) {
  console.error(`No measurement is called ${unknown.join(', ')}. There are: ${Object.keys(measurements).join(', ')}`)
  process.exit(2)
}
console.log(
  `Linux ${release()}, ${cpus().length} cores, ${pageMicroseconds().toFixed(1)} us for the first touch of a page; medians, wall time, output to a pipe, NODE_EXTRA_CA_CERTS unset`,
)
for (const name of asked.length ? asked : Object.keys(measurements)) await measurements[name]?.()
