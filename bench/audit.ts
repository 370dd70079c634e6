import { knownServices } from '../src/catalog/known-services.ts'
import { anyAddress } from '../src/core/address.ts'
import { auditAll } from '../src/core/audit/audit.ts'
import type { Subject } from '../src/core/audit/finding.ts'
import { port } from '../src/core/port.ts'
import type { Registry } from '../src/core/registry.ts'
import { resolve } from '../src/core/resolve/resolve.ts'
import { timesOf } from './measure.ts'
import { below, heading } from './print.ts'

const size = 10_000

/** How long a registry of a whole fleet takes to audit, and to plan the moves that end what is wrong with it. */
export async function measureAudit(): Promise<void> {
  heading(`a registry of ${size} allocations in 100 ranges, a tenth of them clashing and a third in the wrong range`)
  const audit = measured(() => auditAll(subject()))
  below('audit', audit.wall, 'ms', 100)
  below('audit, time of the processors', audit.cpu, 'ms', 60)
  below(
    'plan of resolve',
    measured(() => resolve({ subject: subject(), prefer: [], keep: [], to: new Map() })).wall,
    'ms',
    1000,
  )
}

/** Medians in milliseconds. The registry is made anew for each run: what is looked up in one is kept with it. */
function measured(work: () => unknown): { wall: number; cpu: number } {
  const runs = Array.from({ length: 15 }, () => {
    const [begin, used] = [performance.now(), process.cpuUsage()]
    work()
    const wall = performance.now() - begin
    const { user, system } = process.cpuUsage(used)
    return { wall, cpu: (user + system) / 1000 }
  })
  return { wall: timesOf(runs.map(({ wall }) => wall)).median, cpu: timesOf(runs.map(({ cpu }) => cpu)).median }
}

const registry = make()

function subject(): Subject {
  const kernel = { ephemeral: { from: 32_768, to: 60_999 }, reserved: [], unprivilegedFrom: 1024 }
  return { registry: { ...registry }, host: 'h', seen: null, kernel, known: knownServices }
}

function make(): Registry {
  const numbers = Array.from({ length: size }, (_, index) => index)
  return {
    revision: 1,
    ranges: numbers.slice(0, 100).map((index) => ({
      name: `Range ${index}`,
      from: port(10_000 + index * 200),
      to: port(10_199 + index * 200),
      purpose: '',
      examples: '',
    })),
    services: numbers.map((index) => ({
      host: 'h',
      name: `Service ${index}`,
      description: '',
      range: `Range ${index % 3 ? Math.floor(index / 100) : index % 100}`,
      resolved: false,
      declared: 'reserved' as const,
    })),
    allocations: numbers.map((index) => ({
      id: String(index),
      fence: 1,
      kind: 'reservation' as const,
      host: 'h',
      service: `Service ${index}`,
      protocol: 'tcp' as const,
      address: anyAddress,
      port: port(10_000 + (index % 10 ? index * 2 : Math.max(0, index - 9) * 2)),
      owner: null,
      since: '',
      expires: null,
    })),
    resolutions: [],
    rulings: [],
  }
}
