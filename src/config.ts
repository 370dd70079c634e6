import { parseName } from './core/name.ts'
import { Problem } from './core/problem.ts'

/** Where everything of ours lies, and which registry is meant. */
export interface Settings {
  readonly logs: string
  /** Path of the file of recipes. */
  readonly services: string
  readonly registry: RegistryAddress
  /** Folder of the owners' tokens. */
  readonly tokens: string
  /** Path of the journal's file. */
  readonly journal: string
  /** The name of this machine in the registry, where somebody chose one. */
  readonly host: string | null
}

/** A file of this machine, or a cluster that several machines share. */
export type RegistryAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'etcd'; readonly url: string }

/**
 * The settings that the environment and `--store` make. `IZA_PORTS_HOME` moves everything, otherwise the XDG base directories hold
 * (specifications.freedesktop.org/basedir-spec: a relative path there is ignored). Throws `store-url-invalid` and `name-invalid`.
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
  store?: string,
): Settings {
  const data =
    environment.IZA_PORTS_HOME || `${absolute(environment.XDG_DATA_HOME) ?? `${home}/.local/share`}/iza-ports`
  const url = store ?? environment.IZA_PORTS_STORE
  return {
    logs: `${data}/logs`,
    services: `${data}/services.yaml`,
    registry: url ? addressOf(url) : { kind: 'sqlite', path: `${data}/registry.db` },
    tokens: `${data}/tokens`,
    journal: `${data}/journal.db`,
    host: environment.IZA_PORTS_HOST ? parseName(environment.IZA_PORTS_HOST, 'host') : null,
  }
}

function absolute(path: string | undefined): string | null {
  return path?.startsWith('/') ? path : null
}

/** Where the address leads. What stands behind `etcd:` is read by that store. Throws `store-url-invalid`. */
export function addressOf(url: string): RegistryAddress {
  if (/^etcds?:/.test(url)) return { kind: 'etcd', url }
  const refuse = (why: string): Problem => new Problem('store-url-invalid', { url, why })
  if (!url.startsWith('sqlite:')) throw refuse('only sqlite:// and etcd:// are known')
  const path = /^sqlite:\/\/(\/.+)$/.exec(url)?.[1]
  if (!path) throw refuse('the path after sqlite:// has to be absolute')
  try {
    return { kind: 'sqlite', path: decodeURIComponent(path) }
  } catch {
    throw refuse('its percent encoding is broken')
  }
}
