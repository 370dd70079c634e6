import { familiesOf, reachesLoopback } from '../../address.ts'
import type { Address } from '../../address.ts'
import type { Listener } from '../../listener.ts'
import { list } from '../../text.ts'
import type { Found, Rule, Subject } from '../finding.ts'

/** Somebody on one port, by the addresses at which it answers. */
interface Side {
  readonly who: string
  readonly address: Address
}

export const splitLocalhost: Rule = {
  id: 'split-localhost',
  level: 'warning',
  summary:
    'On one port one program answers over IPv4 and another over IPv6: which of them `localhost` means depends on who asks.',
  remedy: 'Move one of them, or end the one that should not be there.',
  mutual: true,
  find(subject) {
    return [...promised(subject), ...listening(subject)]
  },
  says: ({ ports, facts }) => `localhost:${ports[0]} is ${facts.four} over IPv4 and ${facts.six} over IPv6`,
}

function promised({ registry, host }: Subject): Found[] {
  const here = registry.allocations.filter((one) => one.host === host && one.protocol === 'tcp')
  return [...Map.groupBy(here, ({ port }) => port)].flatMap(([port, allocations]) => {
    if (allocations.length < 2) return []
    const sides = allocations.map(({ service, address }) => ({ who: service, address }))
    return split(sides).map(({ four, six }) => ({
      services: [six, four],
      ports: [port],
      facts: { four, six, by: 'registry' },
      hint: `Move one of them: ports move "${six}" PORT`,
    }))
  })
}

function listening({ registry, host, seen }: Subject): Found[] {
  const shared = Map.groupBy(seen?.listeners ?? [], ({ port }) => port)
  return [...shared].flatMap(([port, listeners]) => {
    const tcp = listeners.filter(({ protocol, holders }) => protocol === 'tcp' && holders.length > 0)
    if (tcp.length < 2) return []
    const owners = registry.allocations.filter((one) => one.host === host && one.port === port)
    // Two services that were promised the two sides are told of already.
    if (owners.length > 1) return []
    const sides = tcp.map((listener) => ({ who: processOf(listener), address: listener.address }))
    return split(sides).map(({ four, six }) => ({
      services: owners.map(({ service }) => service),
      ports: [port],
      facts: { four, six, by: 'listeners' },
      hint: `Look at both with 'ports who ${port}', and end the one that should not be there.`,
    }))
  })
}

/** At most one pair: who answers on the loopback of either family, where that is not the same. */
function split(sides: readonly Side[]): { four: string; six: string }[] {
  const of = (family: 4 | 6): string[] =>
    sides
      .filter(({ address }) => familiesOf(address).includes(family) && reachesLoopback(address))
      .map(({ who }) => who)
  const [four, six] = [of(4), of(6)]
  if (!four.length || !six.length || four.some((who) => six.includes(who))) return []
  return [{ four: list([...new Set(four)]), six: list([...new Set(six)]) }]
}

function processOf({ holders }: Listener): string {
  const [eldest] = holders
  return eldest ? `${eldest.name} (pid ${eldest.pid})` : 'a process that is not visible'
}
