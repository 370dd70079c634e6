import { endpointsOverlap } from '../../allocation.ts'
import { list } from '../../text.ts'
import type { Rule } from '../finding.ts'

export const duplicatePort: Rule = {
  id: 'duplicate-port',
  level: 'error',
  summary: 'Two services are promised the same port at addresses that overlap: whichever starts second fails.',
  remedy: 'Move one of them: `ports resolve` shows a plan.',
  mutual: true,
  find({ registry, host }) {
    const here = registry.allocations
      .filter((allocation) => allocation.host === host)
      .toSorted((a, b) => a.port - b.port)
    return here.flatMap((first, index) => {
      const clashes = []
      for (let next = index + 1; here[next]?.port === first.port; next++) {
        const second = here[next]
        if (second && endpointsOverlap(first, second)) clashes.push(second)
      }
      return clashes.map((second) => ({
        services: [first.service, second.service],
        ports: [first.port],
        facts: { protocol: first.protocol, address: first.address, otherAddress: second.address },
        hint: `Move one of them: ports move "${second.service}" PORT`,
      }))
    })
  },
  says: ({ services, ports, facts }) => `${list(services)} both have ${ports[0]}/${facts.protocol}`,
}
