import { squeeze, programCalled, programOfService } from './compose-images.ts'
import type { MentionName, NamedBy, PlacedMention } from './mention.ts'
import type { Registry } from './registry.ts'

/** A registered service that a file names. */
export interface Named {
  readonly service: string
  readonly by: MentionName
  /** The name is the service's own, not that of a program which it seems to be. */
  readonly exact: boolean
}

/** Names that are chosen for one port: where such a one means no registered service, the port is a stranger's, whatever the folder is called. */
const deliberate: ReadonlySet<NamedBy> = new Set(['variable', 'row', 'label'])

const behind = new Set(
  'PORT PORTS HOST HOSTPORT HTTP URL URI BASE PUBLISHED EXTERNAL EXPOSED LISTEN BIND ADDR ADDRESS ENDPOINT ORIGIN'.split(
    ' ',
  ),
)
const before = new Set('PORT VITE NEXT NUXT PUBLIC REACT APP EXPO LOCAL DEV HOST'.split(' '))

/**
 * What a variable is about, the fullest reading first: `NEXT_PUBLIC_API_URL` is about `NEXT_PUBLIC_API`, or `API`. Empty for a variable that says
 * only that it is a port: `PORT`, `HTTP_PORT`.
 */
function subjectsOf(variable: string): string[] {
  const words = variable.toUpperCase().split('_').filter(Boolean)
  let end = words.length
  while (end > 0 && behind.has(words[end - 1] ?? '')) end--
  let start = 0
  while (start < end && before.has(words[start] ?? '')) start++
  if (start === end) return []
  return [...new Set([words.slice(0, end).join('_'), words.slice(start, end).join('_')])]
}

/** The services of one host by the names that files call them. */
export class ServiceNames {
  readonly #services = new Map<string, string>()
  readonly #programs = new Map<unknown, string | null>()
  readonly #claims = new Map<string, string>()

  constructor(registry: Registry, host: string) {
    const claimed = new Set<string>()
    for (const { host: where, kind, owner, service } of registry.allocations) {
      if (where !== host || kind !== 'claim' || owner === null) continue
      claimed.add(service)
      const at = service.lastIndexOf(' @ ')
      this.#claims.set(claimKey(owner, at < 0 ? service : service.slice(0, at)), service)
    }
    for (const { host: where, name } of registry.services) {
      if (where !== host || claimed.has(name)) continue
      if (squeeze(name) !== '') this.#services.set(squeeze(name), name)
      const program = programOfService(name)
      if (program) this.#programs.set(program, this.#programs.has(program) ? null : name)
    }
  }

  /** Whom the mention's names mean: a service, `stranger` where a deliberate name means nobody, or null where nothing is named. */
  find(mention: PlacedMention): Named | 'stranger' | null {
    let stranger = false
    for (const name of mention.names) {
      if (!deliberate.has(name.by) && (stranger || mention.side !== 'listens') && isOwnName(name.by)) continue
      const readings = name.by === 'variable' ? subjectsOf(name.text) : [name.text]
      const named = this.#first(name, readings, mention.workspace)
      if (named) return named
      stranger ||= deliberate.has(name.by) && readings.length > 0
    }
    return stranger ? 'stranger' : null
  }

  #first(by: MentionName, readings: readonly string[], workspace: string): Named | null {
    for (const text of by.by === 'variable' ? [...readings, by.text] : readings) {
      const service = this.#claims.get(claimKey(workspace, text)) ?? this.#services.get(squeeze(text))
      if (service !== undefined) return { service, by, exact: true }
    }
    // What a folder or a package is called after says little: a folder `redis` holds whatever has to do with Redis.
    if (isOwnName(by.by)) return null
    for (const text of readings) {
      const service = this.#programs.get(programCalled(text) ?? by) ?? null
      if (service !== null) return { service, by, exact: false }
    }
    return null
  }
}

/** Names of what the file belongs to: they tell what listens, and never whom it connects to. */
export function isOwnName(by: NamedBy): boolean {
  return by === 'package' || by === 'folder' || by === 'process' || by === 'script'
}

function claimKey(owner: string, name: string): string {
  return `${owner}\n${squeeze(name)}`
}
