import { placeOf } from '../core/cgroup.ts'
import { groupByClient } from '../core/connection.ts'
import { publishersOf } from '../core/container.ts'
import type { Container, Published } from '../core/container.ts'
import type { Holder, Listener } from '../core/listener.ts'
import { nextSteps } from '../core/next-step.ts'
import { protocols } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { exposureOf, keysOfHolders, localhostOf, shadowsAmong, sharingGroups } from '../core/reach.ts'
import type { Localhost } from '../core/reach.ts'
import type { Judgement } from '../core/verdict.ts'
import type { Answered } from './handshake.ts'
import { findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { showContainer, showHolder } from './board.ts'
import type { Behind } from './behind.ts'
import { fullHolder } from './full-holder.ts'
import { lastOwners } from './last-owners.ts'
import { showAllocation } from './show-allocation.ts'
import type { Sight } from './look.ts'
import type { Call } from './operation.ts'
import type { FullHolder, PortStory } from './who-shapes.ts'
import type { World } from './world.ts'

/** All that is known of one port, in the order in which people ask. `handshake`: the call on whose behalf the server itself is asked, null where it is not. */
export async function tellPort(
  world: World,
  seen: Sight,
  port: PortNumber,
  handshake: Call | null,
): Promise<PortStory> {
  const { behind, registry } = seen
  const listeners = seen.listeners.filter((listener) => listener.port === port)
  const holders = await fullHolders(world, listeners, behind)
  const published = protocols.flatMap((protocol) => publishersOf(behind.engines.containers, protocol, port))
  const keysOf = (listener: Listener): readonly string[] => {
    const containers = behind.containersOf(listener).map(({ id }) => id)
    return containers.length ? containers : keysOfHolders(listener)
  }
  const tcp = listeners.filter(({ protocol }) => protocol === 'tcp')
  const allocations = [...seen.judged].filter(([allocation]) => allocation.port === port)
  const localhost = localhostOf(tcp, keysOf)
  const heard = handshake && (await askBoth(world, port, localhost, allocations[0]?.[0].service ?? null, handshake))
  if (heard) for (const one of allocations) one[1] = await afterHandshake(one[0].service, one[1], heard)
  const verdicts = allocations.map(([{ service }, { verdict }]) => ({ service, verdict }))
  const hidden = listeners.some((one) => !one.holders.length && !behind.containersOf(one).length)
  return {
    port,
    allocations: allocations.map(([allocation, { verdict, evidence }]) => ({
      ...showAllocation(allocation, findService(registry, allocation.host, allocation.service)),
      verdict,
      by: evidence?.identified.by ?? null,
      evidence: evidence && { pid: evidence.holder?.pid ?? null, name: evidence.identified.name ?? null },
    })),
    listeners: listeners.map((listener) => showListener(listener, listeners, behind)),
    holders,
    containers: published.map(showPublished),
    clients: groupByClient(await world.witness.connections(port)).map(({ client, address, count }) => ({
      address,
      connections: count,
      pid: client?.pid ?? null,
      command: client?.command ?? null,
      user: client?.user ?? null,
    })),
    localhost: localhost.outcome,
    shadows: shadowsAmong(listeners, keysOf).map(({ hidden: below, by }) => ({
      protocol: by.protocol,
      hidden: below.address,
      by: by.address,
      pid: by.holders[0]?.pid ?? null,
    })),
    namespaces: await tellNamespaces(world, port, behind.engines.containers),
    unanswered: [...behind.engines.unanswered],
    lastOwners: await lastOwners(world, port),
    heard: heard && heard.map(showAnswered),
    next: nextSteps({
      port,
      protocols: protocols.filter((protocol) => listeners.some((one) => one.protocol === protocol)),
      verdicts,
      containers: [
        ...new Set([
          ...published.map(({ container }) => container),
          ...listeners.flatMap((one) => behind.containersOf(one)),
        ]),
      ],
      units: unitsOf(listeners, behind),
      plain: holders.some(({ unit, container }) => unit === null && container === null),
      hidden,
      root: (await world.witness.lineage(world.machine.self().pid))[0]?.uid === 0,
    }),
  }
}

/** Of a port of another host: what the registry promises, and nothing of the rest of the story. */
export function promisedAt(registry: Registry, port: PortNumber): PortStory {
  const promised = registry.allocations.filter((allocation) => allocation.port === port)
  return {
    port,
    allocations: promised.map((allocation) => ({
      ...showAllocation(allocation, findService(registry, allocation.host, allocation.service)),
      verdict: null,
      by: null,
      evidence: null,
    })),
    listeners: [],
    holders: [],
    containers: [],
    clients: [],
    localhost: null,
    shadows: [],
    namespaces: null,
    unanswered: [],
    lastOwners: [],
    heard: null,
    next: [],
  }
}

/** The server of each family, once where they are the same. What the kernel forwards to a container has no listener here: IPv4 is tried then. */
async function askBoth(
  world: World,
  port: PortNumber,
  { ipv4, ipv6, outcome }: Localhost,
  service: string | null,
  call: Call,
): Promise<Answered[]> {
  const addresses: ('127.0.0.1' | '::1')[] = [
    ...(ipv4.length || !ipv6.length ? (['127.0.0.1'] as const) : []),
    ...(ipv6.length && outcome !== 'same' ? (['::1'] as const) : []),
  ]
  const { askServer } = await import('./handshake.ts')
  const answers: Answered[] = []
  for (const address of addresses)
    answers.push(...[await askServer(world, address, port, service, call)].filter((one) => one !== null))
  return answers
}

/** A handshake decides only where nothing else did. */
async function afterHandshake(service: string, judgement: Judgement, heard: readonly Answered[]): Promise<Judgement> {
  if (judgement.verdict !== 'unverified') return judgement
  const { identifyAnswered } = await import('./handshake.ts')
  const found = heard.flatMap((one) => identifyAnswered(service, one) ?? [])
  const identified = found.find((one) => one.service === service) ?? found[0]
  if (!identified) return judgement
  return { verdict: identified.service === service ? 'active' : 'taken', evidence: { holder: null, identified } }
}

function showAnswered({ address, understood, by, certificate }: Answered): NonNullable<PortStory['heard']>[number] {
  return {
    address,
    program: understood?.program ?? null,
    by,
    says: understood?.says ?? '',
    certificate: certificate && { ...certificate, names: [...certificate.names] },
  }
}

/** Every process that has one of the listeners open, once. */
async function fullHolders(world: World, listeners: readonly Listener[], behind: Behind): Promise<FullHolder[]> {
  const seen = new Map<number, { holder: Holder; listener: Listener }>()
  for (const listener of listeners)
    for (const holder of listener.holders) if (!seen.has(holder.pid)) seen.set(holder.pid, { holder, listener })
  return await Promise.all(
    [...seen.values()].map(({ holder, listener }) =>
      fullHolder(world, holder, behind.placeOf(holder), behind.containersOf(listener)[0] ?? null),
    ),
  )
}

function showListener(listener: Listener, all: readonly Listener[], behind: Behind): PortStory['listeners'][number] {
  const { protocol, family, address, user, holders } = listener
  const [container] = behind.containersOf(listener)
  const [place] = unitsOf([listener], behind)
  return {
    protocol,
    family,
    address,
    v6only: family === 6 && address !== '*',
    exposure: exposureOf(address),
    shared: sharingGroups(all).find((group) => group.includes(listener))?.length ?? 1,
    user,
    unit: place?.unit ?? null,
    container: container ? showContainer(container) : null,
    holders: holders.map(showHolder),
  }
}

function showPublished({
  container,
  published,
}: {
  container: Container
  published: Published
}): PortStory['containers'][number] {
  const { address, protocol, target, inside } = published
  return { ...showContainer(container), address, protocol, target, inside }
}

/** The unit of a proxy is the engine's: it says nothing about the container. */
function unitsOf(listeners: readonly Listener[], behind: Behind): { unit: string; ofUser: boolean }[] {
  const places = listeners
    .filter((listener) => !behind.containersOf(listener).length)
    .flatMap((listener) => [listener, ...listener.holders])
    .map((one) => behind.placeOf(one))
  const units = new Map(
    places.flatMap(({ unit, ofUser }) => (unit === null ? [] : [[unit, { unit, ofUser }] as const])),
  )
  return [...units.values()]
}

async function tellNamespaces(
  world: World,
  port: PortNumber,
  containers: readonly Container[],
): Promise<PortStory['namespaces']> {
  const { own, others } = await world.witness.namespaces(port)
  const nameOf = new Map(containers.map(({ id, name }) => [id, name]))
  return {
    own,
    others: others.map(({ name, pid, listens, cgroup }) => {
      const id = placeOf(cgroup ?? '').container
      return { name, pid, listens, container: id === null ? null : (nameOf.get(id) ?? id.slice(0, 12)) }
    }),
  }
}
