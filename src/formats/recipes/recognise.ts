import { isMap, parseDocument } from 'yaml'
import type { YAMLMap } from 'yaml'

/** What only a service of Compose says. */
const composeKeys = ['image', 'build', 'extends']

/**
 * Whether a YAML text is a file of recipes and no compose file, nor an exported registry. One that is called `services.yaml` is meant as such, whatever is wrong with
 * it; any other has to have a command and may not bear Compose's own name.
 */
export function isRecipeFile(text: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const isNamed = /^(.+\.)?services\.ya?ml$/i.test(name)
  const document = parseDocument(text, { logLevel: 'silent' })
  if (document.errors.length || !isMap(document.contents)) return isNamed
  if (['schema', 'include'].some((key) => document.has(key))) return false
  const services = document.get('services')
  const all = isMap(services)
    ? services.items.map(({ value }) => value).filter((one): one is YAMLMap => isMap(one))
    : []
  if (all.some((service) => composeKeys.some((key) => service.has(key)))) return false
  return isNamed || (!/compose/i.test(name) && all.some((service) => service.has('command')))
}
