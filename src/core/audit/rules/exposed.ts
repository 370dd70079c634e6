import { isLoopback } from '../../address.ts'
import { listenersAt } from '../../verdict.ts'
import type { Rule } from '../finding.ts'

export const exposed: Rule = {
  id: 'exposed',
  level: 'warning',
  summary: 'A service that is promised a port on this machine alone can be reached from other machines.',
  remedy: 'Bind it to the address that it was promised, or register it for all addresses if that is meant.',
  find({ seen }) {
    return [...(seen?.judged ?? [])].flatMap(([allocation, { verdict }]) => {
      if (!isLoopback(allocation.address) || (verdict !== 'active' && verdict !== 'unverified')) return []
      const open = listenersAt(seen?.listeners ?? [], allocation).find(({ address }) => !isLoopback(address))
      if (!open) return []
      return {
        services: [allocation.service],
        ports: [allocation.port],
        facts: { promised: allocation.address, address: open.address },
        hint: `Make it bind ${allocation.address}, or register it as open: ports release "${allocation.service}", then ports reserve "${allocation.service}" ${allocation.port}`,
      }
    })
  },
  says: ({ services, ports, facts }) =>
    `${services[0]} is promised ${facts.promised}:${ports[0]} and listens on ${facts.address === '*' ? 'all addresses' : facts.address}`,
}
