import type { Allocation } from '../../allocation.ts'
import type { Listener } from '../../listener.ts'
import { nameKey } from '../../name.ts'
import { keysOfHolders, splitLocalhosts } from '../../reach.ts'
import type { Localhost } from '../../reach.ts'
import { sharedPorts } from '../../registry.ts'
import { list } from '../../text.ts'
import type { Found, Rule, Subject } from '../finding.ts'

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
  const shared = [...sharedPorts(registry, host).values()].flat().filter(({ protocol }) => protocol === 'tcp')
  return splitLocalhosts(shared, ({ service }) => [nameKey(service)]).flatMap((split) => {
    const { port, four, six } = sidesOf(split, ({ service }: Allocation) => service)
    return {
      services: [six, four],
      ports: [port],
      facts: { four, six, by: 'registry' },
      hint: `Move one of them: ports move "${six}" PORT`,
    }
  })
}

function listening({ registry, host, seen }: Subject): Found[] {
  const tcp = (seen?.listeners ?? []).filter(({ protocol, holders }) => protocol === 'tcp' && holders.length > 0)
  return splitLocalhosts(tcp, keysOfHolders).flatMap((split) => {
    const { port, four, six } = sidesOf(split, processOf)
    const owners = registry.allocations.filter((one) => one.host === host && one.port === port)
    // Two services that were promised the two sides are told of already.
    if (owners.length > 1) return []
    return {
      services: owners.map(({ service }) => service),
      ports: [port],
      facts: { four, six, by: 'listeners' },
      hint: `Look at both with 'ports who ${port}', and end the one that should not be there.`,
    }
  })
}

/** Who answers on either side, in words. */
function sidesOf<Server extends Allocation | Listener>(
  { ipv4, ipv6 }: Localhost<Server>,
  nameOf: (server: Server) => string,
): { port: number; four: string; six: string } {
  const named = (side: readonly Server[]): string => list([...new Set(side.map(nameOf))])
  return { port: ipv4[0]?.port ?? 0, four: named(ipv4), six: named(ipv6) }
}

function processOf({ holders }: Listener): string {
  const [eldest] = holders
  return eldest ? `${eldest.name} (pid ${eldest.pid})` : 'a process that is not visible'
}
