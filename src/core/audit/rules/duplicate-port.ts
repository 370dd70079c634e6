import { endpointsOverlap } from '../../allocation.ts'
import { sharedPorts } from '../../registry.ts'
import { list } from '../../text.ts'
import type { Rule } from '../finding.ts'

export const duplicatePort: Rule = {
  id: 'duplicate-port',
  level: 'error',
  summary: 'Two services are promised the same port at addresses that overlap: whichever starts second fails.',
  remedy: 'Move one of them: `ports resolve` shows a plan.',
  mutual: true,
  find({ registry, host }) {
    return [...sharedPorts(registry, host).values()].flatMap((here) =>
      here.flatMap((first, index) =>
        here
          .slice(index + 1)
          .filter((second) => endpointsOverlap(first, second))
          .map((second) => ({
            services: [first.service, second.service],
            ports: [first.port],
            facts: { protocol: first.protocol, address: first.address, otherAddress: second.address },
            hint: `Move one of them: ports move "${second.service}" PORT`,
          })),
      ),
    )
  },
  says: ({ services, ports, facts }) => `${list(services)} both have ${ports[0]}/${facts.protocol}`,
}
