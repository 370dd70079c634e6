import { countsOn, everyHost } from '../../core/host.ts'
import type { Registry } from '../../core/registry.ts'
import type { Ruling } from '../../core/ruling.ts'
import { compareAllocations } from '../allocation-order.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'
import { Known, parentOf } from './known.ts'
import { allocationOf, holdingText, placedOf, pointerText } from './rows.ts'
import { reading, under, ungrouped } from './txn.ts'
import type { Span } from './txn.ts'
import { entryOf } from './wire.ts'
import type { Entry, TxnResponse } from './wire.ts'

/** The entries of all spans, at one revision of etcd. */
export async function readSpans(
  client: EtcdClient,
  spans: readonly Span[],
  until?: number,
): Promise<{ asOf: number; answers: Entry[][] }> {
  const response = await client.read<TxnResponse>('/v3/kv/txn', reading(spans), until)
  return answersOf(response)
}

export function answersOf(response: TxnResponse): { asOf: number; answers: Entry[][] } {
  const answers = ungrouped(response.responses).map(({ response_range }) => (response_range?.kvs ?? []).map(entryOf))
  return { asOf: Number(response.header?.revision ?? 0), answers }
}

/** What was read of the registry, before it is made into rows. */
export interface Snapshot {
  readonly host: string | undefined
  readonly asOf: number
  readonly revision: number
  readonly ranges: readonly Entry[]
  readonly services: readonly Entry[]
  readonly claims: readonly Entry[]
  readonly resolutions: readonly Entry[]
  readonly rulings: readonly Entry[]
}

/** Everything, or everything that counts on one host, in one round trip. */
export async function readSnapshot(client: EtcdClient, keys: Keys, host?: string): Promise<Snapshot> {
  const hosts = host === undefined ? [undefined] : [host, everyHost]
  const folders = [
    keys.ranges(),
    keys.rulings(),
    ...hosts.flatMap((one) => [keys.services(one), keys.claims(one), keys.resolutions(one)]),
  ]
  const { asOf, answers } = await readSpans(client, [{ key: keys.revision }, ...folders.map(under)])
  const [revision = [], ranges = [], rulings = [], ...rest] = answers
  const all = (kind: number): Entry[] => rest.filter((_, index) => index % 3 === kind).flat()
  const rows = { services: all(0), claims: all(1), resolutions: all(2) }
  return { host, asOf, revision: revision[0]?.version ?? 0, ranges, rulings, ...rows }
}

export function registryOf({ host, revision, ranges, services, claims, resolutions, rulings }: Snapshot): Registry {
  return {
    revision,
    ranges: inOrder(ranges),
    services: inOrder(services),
    allocations: claims.map(allocationOf).toSorted(compareAllocations),
    resolutions: inOrder(resolutions),
    rulings: inOrder<Ruling>(rulings).filter(
      (row) => row.host === null || host === undefined || countsOn({ host: row.host }, host),
    ),
  }
}

/** As they were added: by etcd's revision, and within one commit by their place. */
function inOrder<Row>(entries: readonly Entry[]): Row[] {
  return entries
    .map((entry) => ({ created: entry.created, ...placedOf<Row>(entry) }))
    .toSorted((a, b) => a.created - b.created || a.place - b.place)
    .map(({ row }) => row)
}

/** What a commit can decide on after the registry was read. */
export function knownOf(snapshot: Snapshot, keys: Keys): Known {
  const known = new Known()
  known.revision = snapshot.revision
  for (const entry of [...snapshot.ranges, ...snapshot.services, ...snapshot.resolutions, ...snapshot.rulings])
    known.keys.set(entry.key, entry)
  known.whole.add(keys.ranges()).add(keys.rulings())
  if (snapshot.host === undefined) known.whole.add(keys.ids)
  const hosts = new Map<string, Entry[]>()
  hosts.set(everyHost, [])
  if (snapshot.host !== undefined) hosts.set(snapshot.host, [])
  else known.folders.set(keys.claims(), { asOf: snapshot.asOf, entries: snapshot.claims })
  const folders = new Map<string, Entry[]>()
  for (const entry of snapshot.claims) {
    const allocation = allocationOf(entry)
    const { id, host } = allocation
    pushTo(hosts, host, entry)
    pushTo(folders, parentOf(entry.key), entry)
    // Pointer and holding were written together with the claim, so they were put at the same revision.
    known.keys.set(keys.id(id), { ...entry, key: keys.id(id), value: pointerText(allocation, keys) })
    const holding = keys.holding(allocation)
    pushTo(folders, parentOf(holding), { ...entry, key: holding, value: holdingText(allocation) })
  }
  for (const [host, entries] of hosts) {
    known.folders.set(keys.claims(host), { asOf: snapshot.asOf, entries })
    known.whole.add(keys.services(host)).add(keys.resolutions(host))
  }
  for (const [folder, entries] of folders) known.folders.set(folder, { asOf: snapshot.asOf, entries })
  return known
}

function pushTo(lists: Map<string, Entry[]>, name: string, entry: Entry): void {
  const list = lists.get(name)
  if (list) list.push(entry)
  else lists.set(name, [entry])
}
