import type { Cause } from '../cause.ts'
import type { Place } from '../cgroup.ts'
import { isPublisher } from '../container.ts'
import type { Container } from '../container.ts'
import { nameKey } from '../name.ts'
import type { ProcessIdentity } from '../listener.ts'
import type { PortNumber, Protocol } from '../port.ts'
import type { ProcessRow } from '../process.ts'
import { jobsOf } from './jobs.ts'
import type { Protected } from './jobs.ts'
import { worstFirst } from './tier.ts'
import type { Tier } from './tier.ts'
import { unitOf } from './unit.ts'
import type { Unit } from './unit.ts'

/** Who ends it: whoever started it. What is merely killed comes back, or leaves its owner believing in it. */
export type Act =
  /** Signals to a job: the holders, the wrappers above them and all that these started. `run` is the service whose run it is, null for a stranger's. */
  | { readonly kind: 'processes'; readonly run: string | null; readonly targets: readonly ProcessRow[] }
  | { readonly kind: 'unit'; readonly unit: Unit }
  | { readonly kind: 'container'; readonly container: Container }
  /** Gives up the socket that is kept for a service. */
  | { readonly kind: 'socket'; readonly service: string }

/** Something that a person should know before it is done. */
export interface Risk {
  readonly kind:
    | 'essential'
    | 'forwarder'
    | 'system-unit'
    | 'somebody-elses'
    | 'other-service'
    | 'database'
    | 'other-ports'
    | 'connected'
    | 'comes-back'
  readonly tier: Tier
  /** Whom or what it is about, as data: the words are made at the edge. */
  readonly about: string
}

/** All that is done to free one port, and all that is known against it. A dry run shows this very value. */
export interface StopPlan {
  readonly port: PortNumber
  readonly protocol: Protocol
  readonly holders: readonly ProcessIdentity[]
  readonly acts: readonly Act[]
  /** Holders that stay, so the port does; `hidden` has no pid. */
  readonly refused: readonly {
    readonly pid: number | null
    readonly name: string
    readonly why: Protected | 'hidden'
  }[]
  /** Who stays and may start it again: worth a second look after the port is free. */
  readonly restarters: readonly ProcessRow[]
  /** The worst first. */
  readonly risks: readonly Risk[]
}

/** One holder of the port with what stands behind it. */
export interface SeenHolder extends ProcessIdentity {
  readonly name: string
  readonly place: Place
  /** The container that it runs in or forwards for. */
  readonly container: Container | null
  /** The chain that led to it, the first cause first. */
  readonly causes: readonly Cause[]
  /** The unit whose socket it keeps: pid 1 and a user's manager listen for services that are not up yet. */
  readonly listensFor: Unit | null
}

/** What was seen of one port, and around it. */
export interface StopSight {
  readonly port: PortNumber
  readonly protocol: Protocol
  readonly holders: readonly SeenHolder[]
  /** The service for which the socket is kept, by a process of ours that is none of the holders; null where it is not. */
  readonly kept: string | null
  /** Listeners without a visible holder, and containers that the kernel publishes at the port without any. */
  readonly unseen: readonly { readonly user: string; readonly place: Place; readonly container: Container | null }[]
  readonly table: readonly ProcessRow[]
  readonly self: number
  /** Where this very command runs. */
  readonly ownPlace: Place
  /** The sessions of our runs that were not seen to end, with their services. */
  readonly runs: ReadonlyMap<number, string>
  /** What systemd says of the units that were met, by name. */
  readonly units: ReadonlyMap<string, Unit>
  /** Who promises the port, by name; empty where nobody does. */
  readonly services: readonly string[]
  /** What else would go: ports of the same processes or containers, with the service that each is promised to. */
  readonly others: readonly { readonly port: PortNumber; readonly service: string | null }[]
  /** Established connections of others to the port. */
  readonly connections: number
}

/** Programs that whole machines hang on; `force` has to be said for them. */
const essential = new Set(
  'sshd dockerd containerd podman systemd-resolved systemd-logind systemd-journald dbus-daemon dbus-broker NetworkManager Xorg gnome-shell kubelet'.split(
    ' ',
  ),
)

/** Programs that keep what others write: cutting their clients off may cost work. */
const databases = new Set(
  'postgres postmaster mysqld mariadbd mongod redis-server redis-check-rdb valkey-server etcd clickhouse clickhouse-server cockroach influxd neo4j elasticsearch'.split(
    ' ',
  ),
)

/** What has to be done so that the port is free, by whom, and what speaks against it. `forced`: also what `block` stands before. Pure: the same sight gives the same plan. */
export function planStop(sight: StopSight, forced = false): StopPlan {
  const plain: SeenHolder[] = []
  const units = new Map<string, Unit>()
  const containers = new Map<string, Container>()
  const refused: StopPlan['refused'][number][] = []
  for (const holder of sight.holders) {
    const unit = unitOf(holder, sight)
    // The container that we run in ourselves is where a person works, and what is started in there is a process like any other.
    if (holder.container && holder.container.id !== sight.ownPlace.container)
      containers.set(holder.container.id, holder.container)
    else if (unit) units.set(unit.name, unit)
    else plain.push(holder)
  }
  for (const { user, place, container } of sight.unseen) {
    const unit = place.unit === null ? undefined : sight.units.get(place.unit)
    if (container) containers.set(container.id, container)
    // A unit that may be asked to end is ended whoever may look at its processes.
    else if (unit) units.set(unit.name, unit)
    else refused.push({ pid: null, name: place.unit ?? `a process of ${user}`, why: 'hidden' })
  }
  const jobs = jobsOf(sight.table, plain, sight.self, sight.runs, forced)
  const acts: Act[] = [
    ...[...containers.values()].map((container): Act => ({ kind: 'container', container })),
    ...[...units.values()].map((unit): Act => ({ kind: 'unit', unit })),
    ...jobActs(jobs.targets, sight.runs),
    ...(sight.kept === null ? [] : [{ kind: 'socket', service: sight.kept } as const]),
  ]
  const plan = { port: sight.port, protocol: sight.protocol, holders: sight.holders, acts }
  const risks = risksOf(sight, plain, [...jobs.refused], acts, jobs.restarters)
  return { ...plan, refused: [...jobs.refused, ...refused], restarters: jobs.restarters, risks }
}

/** A run of ours is ended as a run: asked as its recipe says. */
function jobActs(targets: readonly ProcessRow[], runs: ReadonlyMap<number, string>): Act[] {
  const byRun = Map.groupBy(targets, ({ session }) => runs.get(session) ?? null)
  return [...byRun].map(([run, members]): Act => ({ kind: 'processes', run, targets: members }))
}

function risksOf(
  sight: StopSight,
  plain: readonly SeenHolder[],
  refused: readonly { readonly name: string; readonly why: Protected }[],
  acts: readonly Act[],
  restarters: readonly ProcessRow[],
): Risk[] {
  const risks: Risk[] = []
  const add = (kind: Risk['kind'], tier: Tier, about: string): void => {
    if (!risks.some((risk) => risk.kind === kind && risk.about === about)) risks.push({ kind, tier, about })
  }
  const targets = acts.flatMap((act) => (act.kind === 'processes' ? act.targets : []))
  const ours = sight.table.find(({ pid }) => pid === sight.self)?.uid
  for (const { name } of plain) if (essential.has(name) && !isPublisher({ name })) add('essential', 'block', name)
  for (const { name, why } of refused) if (why === 'forwarder') add('forwarder', 'block', name)
  for (const act of acts) {
    if (act.kind === 'unit') {
      const { name, ofUser, restart } = act.unit
      if (essential.has(name.replace(/\.\w+$/, '')) || name === 'ssh.service') add('essential', 'block', name)
      else if (!ofUser) add('system-unit', 'warn', name)
      if (restart !== 'no')
        add('comes-back', 'safe', `systemd (Restart=${restart}) where it is killed; it is stopped instead`)
    }
  }
  for (const { uid, name } of targets) {
    // Root may end everybody's: a person's work is asked about, what a system user does belongs to root.
    if (ours !== undefined && uid !== ours && uid >= firstPerson && uid !== nobody) add('somebody-elses', 'warn', name)
  }
  const own = new Set(sight.services.map(nameKey))
  for (const { port, service } of sight.others) {
    if (service !== null && !own.has(nameKey(service))) add('other-service', 'warn', `${service} on ${port}`)
    else add('other-ports', 'safe', String(port))
  }
  const names = [
    ...plain.map(({ name }) => name),
    ...acts.flatMap((act) => (act.kind === 'container' ? imageName(act.container) : [])),
  ]
  const database = names.find((name) => databases.has(name))
  if (sight.connections > 0) {
    if (database) add('database', 'warn', `${several(sight.connections)} to ${database}`)
    else add('connected', 'safe', several(sight.connections))
  }
  // Pid 1 takes in whoever lost its parent, which says nothing of who would start it.
  for (const { pid, name } of restarters) if (pid !== 1) add('comes-back', 'safe', `${name} (pid ${pid})`)
  return risks.toSorted(worstFirst)
}

function several(connections: number): string {
  return connections === 1 ? '1 connection' : `${connections} connections`
}

/** Where persons begin, and who is nobody: login.defs(5) as every distribution of today sets it. */
const firstPerson = 1000
const nobody = 65_534

/** `postgres` of `docker.io/library/postgres:16-alpine`. */
function imageName({ image }: Container): string {
  return image.replace(/[:@].*$/, '').replace(/^.*\//, '')
}
