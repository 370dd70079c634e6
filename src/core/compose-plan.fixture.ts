import { anyAddress } from './address.ts'
import type { Allocation } from './allocation.ts'
import type { ComposeProject, ComposeService, Publish } from './compose.ts'
import { port } from './port.ts'
import type { Protocol } from './port.ts'
import type { Registry } from './registry.ts'

/** The host of every test. */
export const host = 'box'

/** A registry of services with their ports: `{ Grafana: [3006], DNS: ['53/udp'] }`. */
export function registryOf(services: Readonly<Record<string, readonly (number | string)[]>>): Registry {
  const allocations = Object.entries(services).flatMap(([service, ports]) =>
    ports.map((text, index): Allocation => {
      const [number, protocol = 'tcp'] = String(text).split('/')
      return {
        id: `${service} ${index}`,
        fence: 1,
        kind: 'reservation',
        host,
        service,
        protocol: protocol as Protocol,
        address: anyAddress,
        port: port(Number(number)),
        owner: null,
        expires: null,
        since: '2026-01-01T00:00:00.000Z',
      }
    }),
  )
  return {
    revision: 1,
    ranges: [],
    resolutions: [],
    rulings: [],
    allocations,
    services: Object.keys(services).map((name) => {
      return { host, name, description: '', range: null, resolved: false, declared: 'reserved' as const }
    }),
  }
}

/** A project of services with their published ports: `['3000:80', '53:53/udp', ':80']`. */
export function projectOf(
  services: Readonly<Record<string, Partial<Omit<ComposeService, 'publishes'>> & { ports: readonly string[] }>>,
): ComposeProject {
  return {
    name: 'shop',
    files: [],
    notices: [],
    services: Object.entries(services).map(([name, { ports, ...more }]) => {
      return {
        name,
        image: null,
        containerName: null,
        aliases: [],
        labels: {},
        profiles: [],
        active: true,
        hostNetwork: false,
        publishes: ports.map((text, entry) => publishOf(name, text, entry)),
        ...more,
      }
    }),
  }
}

function publishOf(service: string, text: string, entry: number): Publish {
  const [, hostIp, published, target = '', protocol = 'tcp'] =
    /^(?:([\d.]+):)?(\d*):(\d+)(?:\/(\w+))?$/.exec(text) ?? []
  return {
    service,
    hostIp: hostIp ?? null,
    published: published ? port(Number(published)) : null,
    publishedTo: null,
    target: port(Number(target)),
    protocol: protocol as Publish['protocol'],
    mode: 'ingress',
    name: null,
    appProtocol: null,
    entry,
    syntax: 'short',
    file: 'compose.yaml',
    line: 1,
    column: 1,
  }
}
