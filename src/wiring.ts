import { homedir, hostname } from 'node:os'
import { readSettings } from './config.ts'
import { parseName } from './core/name.ts'
import { systemClock } from './machine/clock.ts'
import { localFiles } from './machine/files.ts'
import { openMachine } from './machine/index.ts'
import type { World } from './operations/world.ts'
import { openJournal } from './store/journal.ts'
import { openSqliteStore } from './store/sqlite.ts'

/**
 * This computer with the registry that the environment names. Nothing is opened before it is used, so that a command that needs no registry works
 * beside a broken one. Whoever opens the world closes it.
 */
export function openWorld(
  environment: Readonly<Record<string, string | undefined>>,
  store?: string,
): World & { close(): Promise<void> } {
  const settings = readSettings(environment, environment.HOME || homedir(), store)
  let registry: ReturnType<typeof openSqliteStore> | undefined
  let journal: ReturnType<typeof openJournal> | undefined
  let host = settings.host
  const openRegistry = (): ReturnType<typeof openSqliteStore> =>
    (registry ??= openSqliteStore({ path: settings.registry, host: chosenHost(settings.host) }))
  return {
    // A laptop's host name follows the network that it is in; the name that its registry began with does not.
    get host() {
      return (host ??= openRegistry().hostAtCreation() ?? chosenHost(null))
    },
    get registry() {
      return openRegistry()
    },
    get journal() {
      return (journal ??= openJournal({ path: settings.journal }))
    },
    machine: openMachine(process.platform),
    files: localFiles(settings.logs),
    clock: systemClock,
    newId: () => crypto.randomUUID(),
    async close() {
      await registry?.close()
      await journal?.close()
    },
  }
}

function chosenHost(host: string | null): string {
  return parseName(host ?? (hostname() || 'localhost'), 'host')
}
