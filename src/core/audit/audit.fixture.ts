import { parseAddress } from '../address.ts'
import type { Allocation } from '../allocation.ts'
import type { Holder, Listener } from '../listener.ts'
import { port } from '../port.ts'
import { emptyRegistry } from '../registry.ts'
import type { Registry } from '../registry.ts'
import type { Judgement, Verdict } from '../verdict.ts'
import type { Subject } from './finding.ts'

/** A registry in lines: `Name 3000 [address]`, in the range of the name before the colon where there is one. */
export function registryOf(lines: readonly string[], more: Partial<Registry> = {}): Registry {
  const services = lines.map((line, index) => {
    const [range, rest] = line.includes(': ') ? line.split(': ') : [null, line]
    const [name = '', number = '', address = '*'] = (rest ?? '').split(' ')
    return {
      name,
      number: Number(number),
      address: address.replace('v6any', '::'),
      range: range ?? null,
      id: String(index),
    }
  })
  return {
    ...emptyRegistry,
    ranges: [
      { name: 'Core', from: port(3000), to: port(3099), purpose: '', examples: '' },
      { name: 'Data', from: port(5000), to: port(5099), purpose: '', examples: '' },
    ],
    services: services.map(({ name, range }) => ({
      host: 'h',
      name,
      description: '',
      range,
      resolved: false,
      declared: 'reserved',
    })),
    allocations: services.map(({ name, number, address, id }): Allocation => ({
      id,
      fence: 1,
      kind: 'reservation',
      host: 'h',
      service: name,
      protocol: 'tcp',
      address: parseAddress(address),
      port: port(number),
      owner: null,
      since: '',
      expires: null,
    })),
    ...more,
  }
}

/** A process of that name; the pid tells two of one name apart. */
export function holder(name: string, pid = 42): Holder {
  return { boot: '', pid, start: 1, session: pid, name, command: name, cwd: null, user: null, startedAt: null }
}

export function listener(number: number, address: string, ...holders: Holder[]): Listener {
  const family = address.includes(':') || address === '*' ? 6 : 4
  const bound = address === '::' ? '::' : parseAddress(address)
  return {
    protocol: 'tcp',
    family,
    address: bound as Listener['address'],
    port: port(number),
    inode: number,
    uid: 0,
    user: 'root',
    holders,
  }
}

/** What was seen: the listeners, and one verdict for every allocation. */
export function seen(registry: Registry, listeners: readonly Listener[], verdict: Verdict): Subject['seen'] {
  const judgement: Judgement = { verdict, evidence: null }
  return { listeners, judged: new Map(registry.allocations.map((allocation) => [allocation, judgement])) }
}
