import { anyAddress } from './address.ts'
import { browserBlocked } from './browser-blocked.ts'
import type { DocumentService, PortDocument, UnusedLine } from './document.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import { isPortNumber } from './port.ts'
import type { Recipe } from './recipe.ts'
import { allocationsAt, allocationsOf, findService } from './registry.ts'
import type { Registry } from './registry.ts'
import { list } from './text.ts'

/** What a file of another program says of how a service is started; what it does not say stays as our own recipe has it. */
type RecipeSays = Pick<Recipe, 'command' | 'cwd'> & Partial<Pick<Recipe, 'environmentFile' | 'after' | 'health'>>

/** A service in such a file, before anybody asks what the registry and our own recipes say of it. */
export interface RecipeDraft {
  readonly line: number
  readonly service: string
  readonly says: RecipeSays
  /** Only for a recipe that is new. */
  readonly tags: readonly string[]
  readonly description: string
  /** Where it listens unless the registry says otherwise; null where nothing tells. */
  readonly port: PortNumber | null
  /** The command chooses that port itself and cannot be told another one. */
  readonly fixed: boolean
}

export interface RecipeDocument {
  readonly services: readonly RecipeDraft[]
  readonly unused: readonly UnusedLine[]
}

export interface PlannedRecipe {
  readonly service: string
  readonly port: PortNumber | null
  readonly says: RecipeSays
  readonly tags: readonly string[]
  /** `differs`: our own recipe says otherwise and stays; `replaced`: it would stay, if it had not been asked for. */
  readonly outcome: 'new' | 'same' | 'differs' | 'replaced'
  /** What our own recipe says otherwise. */
  readonly differs: readonly (keyof RecipeSays)[]
}

export interface RecipePlan {
  /** What the registry is to be told: only services that have no port there yet. */
  readonly document: PortDocument
  readonly recipes: readonly PlannedRecipe[]
}

/**
 * What becomes of the file's services on this host. A port of the registry outranks every other; without one, a service gets the port that its file gives it, or
 * the next free one where the command takes any. Our own recipes stay, unless `replace` asks for the file's.
 */
export function planRecipes(
  { services, unused: unread }: RecipeDocument,
  registry: Registry,
  host: string,
  own: readonly Recipe[],
  replace: boolean,
): RecipePlan {
  const kept = new Map(own.map((recipe) => [nameKey(recipe.service), recipe]))
  const unused: UnusedLine[] = [...unread]
  const registered: DocumentService[] = []
  const recipes: PlannedRecipe[] = []
  const given = new Map<PortNumber, string>()
  for (const draft of services) {
    const placed = placeOf(draft, registry, host, given)
    const line = (why: string, contradicts = true): number =>
      unused.push({ line: draft.line, text: draft.service, why, contradicts })
    if ('why' in placed) {
      line(placed.why)
      continue
    }
    const { port, isNew } = placed
    if (port === null)
      line(`no port is known for it, and it cannot start without: ports reserve "${draft.service}" PORT`, false)
    else given.set(port, draft.service)
    if (port !== null && isNew) registered.push(serviceOf(draft, port))
    const service = findService(registry, host, draft.service)?.name ?? draft.service
    const planned = recipeOf({ ...draft, service }, port, kept.get(nameKey(service)), replace)
    if (planned.outcome === 'differs')
      line(
        `your own recipe has another ${list(planned.differs.map((key) => words[key]))} and stays; --replace takes this one`,
      )
    recipes.push(planned)
  }
  return {
    document: { ranges: [], services: registered, moves: [], rulings: [], unused },
    recipes,
  }
}

/** What people call the parts of a recipe. */
const words: Readonly<Record<keyof RecipeSays, string>> = {
  command: 'command',
  cwd: 'folder',
  environmentFile: 'env file',
  after: 'list of services to wait for',
  health: 'health check',
}

function placeOf(
  { service, port, fixed }: RecipeDraft,
  registry: Registry,
  host: string,
  given: ReadonlyMap<PortNumber, string>,
): { readonly port: PortNumber | null; readonly isNew: boolean } | { readonly why: string } {
  const own = allocationsOf(registry, { host, name: service }).filter(({ protocol }) => protocol === 'tcp')
  const [first] = own
  if (first) {
    const asked = port !== null && (fixed || own.some((one) => one.port === port)) ? port : first.port
    if (own.some((one) => one.port === asked)) return { port: asked, isNew: false }
    return { why: `its command listens on ${port} whatever it is told, and the registry has ${first.port} for it` }
  }
  if (port === null) return { port, isNew: false }
  const ownerOf = (number: PortNumber): string | null =>
    given.get(number) ??
    allocationsAt(registry, { host, protocol: 'tcp', address: anyAddress, port: number })[0]?.service ??
    null
  const owner = ownerOf(port)
  if (owner === null) return { port, isNew: true }
  if (fixed) return { why: `its command listens on ${port} whatever it is told, and ${port} belongs to ${owner}` }
  for (let next: number = port + 1; isPortNumber(next); next++)
    if (!browserBlocked.has(next) && ownerOf(next) === null) return { port: next, isNew: true }
  return { why: `no port above ${port} is free` }
}

function serviceOf({ line, service, description }: RecipeDraft, port: PortNumber): DocumentService {
  return {
    line,
    name: service,
    resolved: false,
    declared: 'reserved',
    description,
    range: null,
    ports: [{ protocol: 'tcp', address: anyAddress, port, kind: 'reservation', owner: null }],
  }
}

function recipeOf(
  { service, says, tags }: RecipeDraft,
  port: PortNumber | null,
  own: Recipe | undefined,
  replace: boolean,
): PlannedRecipe {
  const planned = { service, port, says, tags }
  if (!own) return { ...planned, outcome: 'new', differs: [] }
  const differs = keysOf(says).filter((key) => JSON.stringify(own[key]) !== JSON.stringify(says[key]))
  return { ...planned, tags: [], outcome: differs.length === 0 ? 'same' : replace ? 'replaced' : 'differs', differs }
}

function keysOf(says: RecipeSays): (keyof RecipeSays)[] {
  const all: (keyof RecipeSays)[] = ['command', 'cwd', 'environmentFile', 'after', 'health']
  return all.filter((key) => says[key] !== undefined)
}
