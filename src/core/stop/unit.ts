import type { Cause } from '../cause.ts'
import type { Place } from '../cgroup.ts'

/** A systemd service, as systemd tells of it. */
export interface Unit {
  /** With its ending: `nginx.service`. */
  readonly name: string
  /** `systemctl --user` speaks to it. */
  readonly ofUser: boolean
  /** Its `Restart=`: `no`, `on-failure`, `always` ... Stopping it is no failure, so that it stays down. */
  readonly restart: string
  /** Sockets and timers that start it again at the next connection or hour: they are stopped with it. */
  readonly triggers: readonly string[]
}

/** A person, or what a person works in. A unit with such a one in it is a place to work in: what is started there belongs to the person. */
const people = new Set<Cause['kind']>(['cron', 'ssh', 'terminal', 'multiplexer', 'login', 'editor', 'agent'])

/**
 * The unit that is to be stopped for the holder, null where it is only a process. That it stands in a unit's control group is not enough: a terminal, an editor or
 * cron may be a unit, and stopping that would take everything else along that a person does in there. Nor is a unit stopped that this very command runs in.
 */
export function unitOf(
  holder: { readonly place: Place; readonly causes: readonly Cause[]; readonly listensFor: Unit | null },
  { units, ownPlace }: { readonly units: ReadonlyMap<string, Unit>; readonly ownPlace: Place },
): Unit | null {
  if (holder.listensFor) return holder.listensFor
  const { unit: name, ofUser } = holder.place
  const unit = name === null ? undefined : units.get(name)
  if (!unit || (ownPlace.unit === name && ownPlace.ofUser === ofUser)) return null
  const above = holder.causes.findLastIndex(({ kind }) => kind === 'init' || kind === 'service-manager')
  const within = holder.causes.slice(above + 1)
  return within.some(({ kind }) => people.has(kind)) ? null : unit
}
