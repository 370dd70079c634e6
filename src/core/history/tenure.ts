import type { Address } from '../address.ts'
import type { Holder, Listener } from '../listener.ts'
import type { PortNumber, Protocol } from '../port.ts'
import type { Moment } from '../moment.ts'
import type { VerdictEvent } from './port-event.ts'

/** The time in which one holder had one listener, as far as somebody watched. Moments are milliseconds since the boot. */
export interface Tenure {
  /** One socket with its eldest holder: two who watch at once mean the same tenure by it. */
  readonly key: string
  readonly protocol: Protocol
  readonly address: Address
  readonly port: PortNumber
  readonly user: string
  /** Null where the holder was not visible. */
  readonly holder: Pick<Holder, 'pid' | 'start' | 'name' | 'command' | 'cwd' | 'startedAt'> | null
  readonly boot: string
  readonly from: number
  /** Whether it was seen to begin; otherwise it was there already when somebody began to watch. */
  readonly exact: boolean
  /** Null while it was not seen to be over. */
  readonly until: number | null
  /** `closed`: it was seen to end. `unseen`: it was last seen at `until`, and gone when somebody watched again. */
  readonly ending: 'closed' | 'unseen' | null
}

/** A verdict that changed, and when. */
export type VerdictChange = Omit<VerdictEvent, 'kind'> & { readonly boot: string; readonly at: number }

/** The end of a tenure. */
export interface TenureEnd {
  readonly key: string
  readonly until: number
  readonly ending: 'closed' | 'unseen'
}

/** Longer command lines are cut: the journal keeps thousands of them. */
const mostCommand = 500

/** The tenures that the listeners stand for, begun at this moment. */
export function tenuresOf(listeners: readonly Listener[], now: Moment, exact: boolean): Tenure[] {
  return listeners.map((listener) => {
    const { protocol, address, port, user } = listener
    const [eldest] = listener.holders
    return {
      key: tenureKey(listener, now.boot),
      protocol,
      address,
      port,
      user,
      holder: eldest ? described(eldest) : null,
      boot: now.boot,
      from: now.at,
      exact,
      until: null,
      ending: null,
    }
  })
}

/** Who has this socket, in this boot: what makes two records of a tenure the same record. */
export function tenureKey({ inode, protocol, address, port, holders: [eldest] }: Listener, boot: string): string {
  return [boot, protocol, address, port, inode, eldest?.pid ?? '', eldest?.start ?? ''].join(' ')
}

function described({ pid, start, name, command, cwd, startedAt }: Holder): Tenure['holder'] {
  return { pid, start, name, command: command.slice(0, mostCommand), cwd, startedAt }
}

/** What has to be written after another look: who came, and who went. Nothing where the list is the very same one. */
export function tenureChanges(
  before: readonly Listener[],
  after: readonly Listener[],
  now: Moment,
): { readonly begun: Tenure[]; readonly ended: TenureEnd[] } {
  if (before === after) return { begun: [], ended: [] }
  const keyOf = (listener: Listener): string => tenureKey(listener, now.boot)
  const old = new Set(before.map(keyOf))
  const current = new Set(after.map(keyOf))
  const came = after.filter((listener) => !old.has(keyOf(listener)))
  const went = [...old].filter((key) => !current.has(key))
  return {
    begun: tenuresOf(came, now, true),
    ended: went.map((key) => ({ key, until: now.at, ending: 'closed' })),
  }
}

/** How many holders in so short a time make a port flap. */
const flaps = 3
const flapMilliseconds = 60_000

/** The keys of those tenures that took turns on one endpoint, three or more within a minute: something there dies and is started again and again. */
export function flapping(tenures: readonly Tenure[]): Set<string> {
  const found = new Set<string>()
  const places = Map.groupBy(tenures, ({ boot, protocol, address, port }) => `${boot} ${protocol} ${address} ${port}`)
  for (const group of places.values()) {
    const turns = inTurn(group.toSorted((a, b) => a.from - b.from))
    for (let index = 0; index + flaps <= turns.length; index++) {
      const window = turns.slice(index, index + flaps)
      const [first, last] = [window[0], window[flaps - 1]]
      if (first && last && last.from - first.from <= flapMilliseconds) for (const { key } of window) found.add(key)
    }
  }
  return found
}

/** Those that followed one another; workers that share an endpoint did not. */
function inTurn(tenures: readonly Tenure[]): Tenure[] {
  const turns: Tenure[] = []
  for (const tenure of tenures) {
    const previous = turns.at(-1)
    if (!previous || (previous.until !== null && tenure.from >= previous.until)) turns.push(tenure)
  }
  return turns
}
