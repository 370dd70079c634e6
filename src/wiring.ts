import { homedir, hostname } from 'node:os'
import { addressOf, readSettings } from './config.ts'
import type { RegistryAddress } from './config.ts'
import { parseName } from './core/name.ts'
import { systemClock } from './machine/clock.ts'
import { localFiles } from './machine/files.ts'
import { openMachine } from './machine/index.ts'
import { openLibc } from './machine/native/libc.ts'
import { terminalColumns } from './machine/native/window.ts'
import { fingerprint, localTokens } from './machine/tokens.ts'
import { openWitness } from './machine/witness.ts'
import { inTurn } from './machine/writers.ts'
import type { RegistryStore, World } from './operations/world.ts'
import { openJournal } from './store/journal.ts'
import { openSqliteStore } from './store/sqlite.ts'

/**
 * This computer with the registry that the environment names. No file is opened and nothing is connected before it is used, so that a command that needs
 * no registry works beside a broken one. Whoever opens the world closes it.
 */
export async function openWorld(
  environment: Readonly<Record<string, string | undefined>>,
  store?: string,
): Promise<World & { close(): Promise<void> }> {
  const settings = readSettings(environment, environment.HOME || homedir(), store)
  const { registry, hostAtCreation } = await openRegistry(settings.registry, settings.host)
  const journal = openJournal({ path: settings.journal, inTurn })
  const machine = await openMachine(process.platform, environment)
  let host = settings.host
  return {
    // A laptop's host name follows the network that it is in; the name that its registry began with does not.
    get host() {
      return (host ??= hostAtCreation() ?? ownName())
    },
    registry,
    registryAt: async (url) => (await openRegistry(addressOf(url), host ?? settings.host)).registry,
    journal,
    machine,
    witness: openWitness(process.platform, environment),
    files: localFiles(settings),
    tokens: localTokens(settings.tokens),
    clock: systemClock(() => machine.self().boot),
    newId: () => crypto.randomUUID(),
    fingerprint,
    async close() {
      await registry.close()
      await journal.close()
    },
  }
}

/** How wide the terminal is that standard output goes to, in columns. Null where there is none, or the system cannot be asked. */
export function outputColumns(): number | null {
  return terminalColumns(openLibc(), 1)
}

/** Becomes a process that only keeps the socket that it was started with. */
export async function keepSocket(title: string): Promise<void> {
  const { becomeKeeper } = await import('./machine/keeper.ts')
  becomeKeeper(openLibc(), title)
}

interface OpenedRegistry {
  readonly registry: RegistryStore
  /** A cluster serves many hosts, and was made on none of them. */
  readonly hostAtCreation: () => string | null
}

async function openRegistry(address: RegistryAddress, host: string | null): Promise<OpenedRegistry> {
  if (address.kind === 'sqlite') {
    const registry = openSqliteStore({ path: address.path, host: () => host ?? ownName(), inTurn })
    return { registry, hostAtCreation: () => registry.hostAtCreation() }
  }
  const { openEtcdStore } = await import('./store/etcd.ts')
  return { registry: openEtcdStore(address.url), hostAtCreation: () => null }
}

function ownName(): string {
  return parseName(hostname() || 'localhost', 'host')
}
