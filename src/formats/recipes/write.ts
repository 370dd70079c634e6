import { isMap, parseDocument } from 'yaml'
import { nameKey } from '../../core/name.ts'
import type { HealthCheck } from '../../core/recipe.ts'
import type { RecipeKey } from './read.ts'

/** What is to stand behind a key: null takes the key away. */
export type RecipeEdit = Readonly<Partial<Record<RecipeKey, unknown>>>

/**
 * The text of a `services.yaml` with some keys of one service set. Everything else stays as it is, comments and order too. The text has to be one that
 * `readRecipes` takes, or empty; what comes out is for it to check.
 */
export function editRecipe(text: string, service: string, edit: RecipeEdit): string {
  const document = parseDocument(text.trim() === '' ? 'services: {}\n' : text)
  const services = document.get('services')
  if (!isMap(services)) document.set('services', document.createNode({}))
  const known = document.get('services')
  const items = isMap(known) ? known.items : []
  const name = items.map(({ key }) => String(key)).find((one) => nameKey(one) === nameKey(service)) ?? service
  if (isMap(known)) known.flow = false
  for (const [key, value] of Object.entries(edit)) {
    if (value === null) document.deleteIn(['services', name, key])
    else document.setIn(['services', name, key], document.createNode(value))
  }
  return document.toString({ lineWidth: 0 })
}

/** A health check as it stands in the file. */
export function healthEntry(health: HealthCheck): Record<string, unknown> {
  const interval = `${health.every}s`
  if (health.kind === 'http') return { http: health.path, interval }
  return health.kind === 'tcp' ? { tcp: true, interval } : { command: health.command, interval }
}
