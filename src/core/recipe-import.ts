import { anyAddress } from './address.ts'
import type { DocumentService, PortDocument, UnusedLine } from './document.ts'
import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import type { Recipe } from './recipe.ts'
import { whatPlannedLack } from './recipe-lacks.ts'
import { placeOf } from './recipe-place.ts'
import { findService } from './registry.ts'
import type { Registry } from './registry.ts'
import { list } from './text.ts'

/** What a file says of how a service is started; what it does not say stays as our own recipe has it. */
export type RecipeSays = Pick<Recipe, 'command' | 'cwd'> &
  Partial<Omit<Recipe, 'service' | 'port' | 'command' | 'cwd' | 'stop'>> & { readonly stop?: Partial<Recipe['stop']> }

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
  /** A person chose that port for it: where somebody else has it, no other one is taken in its place. */
  readonly chosen?: boolean
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
 * the next free one where the command takes any. Our own recipes stay, unless `replace` asks for the file's. Throws `start-cycle`.
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
  const lines = new Map<string, number>()
  for (const draft of services) {
    const placed = placeOf(draft, registry, host, given)
    const line = (why: string, contradicts = true): number =>
      unused.push({ line: draft.line, text: draft.service, why, contradicts })
    if ('why' in placed) {
      line(placed.why)
      continue
    }
    const { port, isNew, note } = placed
    if (note !== undefined) line(note, false)
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
    lines.set(service, draft.line)
  }
  const names = new Set(
    [...registry.allocations.map((one) => one.service), ...registered.map(({ name }) => name)].map(nameKey),
  )
  for (const { service, why } of whatPlannedLack(recipes, kept, names))
    unused.push({ line: lines.get(service) ?? 0, text: service, why, contradicts: true })
  return {
    document: { ranges: [], services: registered, moves: [], rulings: [], unused },
    recipes,
  }
}

/** What people call the parts of a recipe. */
const words: Readonly<Record<keyof RecipeSays, string>> = {
  command: 'command',
  cwd: 'folder',
  environment: 'environment',
  environmentFile: 'env file',
  within: 'start period',
  health: 'health check',
  restart: 'restart policy',
  stop: 'way to be ended',
  after: 'list of services to wait for',
  tags: 'list of tags',
  memory: 'memory limit',
  handOver: 'word about its socket',
  backend: 'backend',
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
  const differs = keysOf(says).filter((key) => !saysTheSame(own, says, key))
  return { ...planned, tags: [], outcome: differs.length === 0 ? 'same' : replace ? 'replaced' : 'differs', differs }
}

function keysOf(says: RecipeSays): (keyof RecipeSays)[] {
  const all = Object.keys(words) as (keyof RecipeSays)[]
  return all.filter((key) => says[key] !== undefined)
}

/** Whether what is kept is what is said. The order of variables tells nothing. */
function saysTheSame(own: Recipe, says: RecipeSays, key: keyof RecipeSays): boolean {
  if (key === 'stop') return same(own.stop, { ...own.stop, ...says.stop })
  const sorted = (variables: Recipe['environment'] = {}): unknown =>
    Object.entries(variables).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return key === 'environment' ? same(sorted(own[key]), sorted(says[key])) : same(own[key], says[key])
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
