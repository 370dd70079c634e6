import * as z from '../formats/zod.ts'
import type { Change } from '../core/commit.ts'
import { parseName, withoutMark } from '../core/name.ts'
import type { PortNumber, Protocol } from '../core/port.ts'
import type { Address } from '../core/address.ts'
import { Problem } from '../core/problem.ts'
import { rangeOf } from '../core/range.ts'
import { allocationsAt, allocationsOf, findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { change } from './change.ts'
import { hostInput, hostMeant } from './host.ts'
import { showAllocation } from './show-allocation.ts'
import { requireRange } from './named.ts'
import { operation } from './operation.ts'
import { addressInput, allocationShape, dryRunInput, portInput, protocolInput } from './shapes.ts'

export const reserve = operation({
  name: 'reserve',
  summary: 'Promises a port to a service, and registers the service when it is new.',
  effect: 'write',
  positional: ['name', 'port'],
  examples: [
    'ports reserve Loki 3100',
    'ports reserve "Redis Replica" 6380 --range "Database Services" --description "Read-only copy"',
    'ports reserve DNS 53 --protocol udp --address 127.0.0.1',
  ],
  input: z.object({
    name: z.string().check(z.describe('the service')),
    port: portInput.check(z.describe('the port it is to have')),
    protocol: z.withDefault(protocolInput, 'tcp'),
    address: addressInput.check(z.describe("where it binds: '*' for everywhere")),
    range: z
      .optional(z.string())
      .check(z.describe('the range that it belongs to; the one that holds the port where none is given')),
    description: z.optional(z.string()).check(z.describe('what it is for')),
    host: hostInput,
    why: z.optional(z.string()).check(z.describe('record this as the move that ended a conflict, and why')),
    dryRun: dryRunInput,
  }),
  output: z.object({ service: allocationShape, registered: z.boolean(), changed: z.boolean() }),
  async run(world, input) {
    const { decision, committed } = await change(
      world,
      (registry) =>
        planReservation(registry, hostMeant(world, input.host), world.newId(), {
          ...input,
          when: world.clock.now().toISOString(),
        }),
      input,
    )
    const { service, registered, changes } = decision
    return { service, registered, changed: committed !== null || (input.dryRun && changes.length > 0) }
  },
})

export interface Reservation {
  readonly name: string
  readonly port: PortNumber
  readonly protocol: Protocol
  readonly address: Address
  readonly range?: string | undefined
  readonly description?: string | undefined
  readonly why?: string | undefined
  readonly when: string
}

/** What a reservation changes. Throws `conflict` naming the owner, `service-exists` where the service has other ports, and what names and ranges throw. */
export function planReservation(
  registry: Registry,
  host: string,
  id: string,
  { port, protocol, address, range, description, why, when, ...input }: Reservation,
): { changes: Change[]; service: z.output<typeof allocationShape>; registered: boolean } {
  const name = parseName(withoutMark(input.name).name, 'service')
  const known = findService(registry, host, name)
  const present = known ? allocationsOf(registry, known) : []
  const same = present.find((one) => one.port === port && one.protocol === protocol && one.address === address)
  const owner = allocationsAt(registry, { host, protocol, address, port }).find((one) => one !== same)
  if (owner) throw new Problem('conflict', { port, protocol, address, service: owner.service, wanted: name })
  const home =
    range === undefined
      ? (known?.range ?? rangeOf(registry.ranges, port)?.name ?? null)
      : requireRange(registry, range).name
  const service = {
    host,
    name: known?.name ?? name,
    description: description ?? known?.description ?? '',
    range: home,
    resolved: (known?.resolved ?? false) || why !== undefined,
    declared: known?.declared ?? ('reserved' as const),
  }
  const changes: Change[] = []
  if (!known || JSON.stringify({ ...known, ...service }) !== JSON.stringify(known))
    changes.push({ do: 'put-service', service })
  const request = {
    id: same?.id ?? id,
    kind: 'reservation' as const,
    host,
    service: service.name,
    protocol,
    address,
    owner: null,
    expires: null,
  }
  if (!same) changes.push({ do: 'allocate', ...request, candidates: [port], within: null, sole: false })
  if (why !== undefined)
    changes.push({ do: 'record', resolution: { host, service: service.name, from: null, to: port, why, when } })
  return {
    changes,
    service: showAllocation(same ?? { ...request, port, fence: 0, since: when }, service),
    registered: !known,
  }
}
