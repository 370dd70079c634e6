import { noEngine } from '../core/container.ts'
import type { Witness } from '../operations/world.ts'
import { cgroupsOfSockets } from './cgroups.ts'
import { engineSockets } from './containers/sockets.ts'
import { isAlive } from './processes/identity.ts'

/** What the computer that we run on tells, by the name that `process.platform` gives its system. Each part is loaded when it is asked for. */
export function openWitness(platform: string, environment: Readonly<Record<string, string | undefined>>): Witness {
  return platform === 'linux' ? linuxWitness(environment) : silentWitness
}

/** Most of it is loaded in one go, when one of it is asked for: each import takes as long as most of the answers. */
function linuxWitness(environment: Readonly<Record<string, string | undefined>>): Witness {
  const sources = async () => await import('./story-sources.ts')
  return {
    lineage: async (pid) => (await sources()).readLineage(pid),
    async usageOf(process) {
      const usage = (await sources()).usageOf(process.pid)
      return isAlive(process) ? usage : null
    },
    async cgroupOf(process) {
      const path = (await sources()).cgroupOf(process.pid)
      return isAlive(process) ? path : null
    },
    cgroupsOfSockets: async (listeners) => cgroupsOfSockets(listeners),
    socketsOf: async (pids) => (await sources()).socketsOf(pids),
    connections: async (port) => (await sources()).readConnections(port),
    async containers(query) {
      const sockets = engineSockets(environment)
      // Most machines that are asked all day have no engine: they do not pay for what would ask one.
      return sockets.length ? (await import('./containers/ask.ts')).askEngines(query, sockets) : noEngine
    },
    namespaces: async (port) => (await sources()).readNamespaces(port),
    async talk(asking) {
      return (await import('./talk.ts')).talk(asking)
    },
  }
}

/** Where nothing of this is written yet, nothing is told. */
const silentWitness: Witness = {
  lineage: async () => [],
  usageOf: async () => null,
  cgroupOf: async () => null,
  cgroupsOfSockets: async () => new Map(),
  socketsOf: async () => new Set(),
  connections: async () => [],
  containers: async () => noEngine,
  namespaces: async () => ({ own: '', others: [] }),
  talk: async () => null,
}
