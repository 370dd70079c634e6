import { nameKey } from './name.ts'
import type { PortNumber } from './port.ts'
import type { Recipe } from './recipe.ts'

/**
 * `{port}` is the service's own port, `{port of Redis}` the one of another. No shell and no script that stands in a command says that of itself, as it might
 * `{port:3000}`.
 */
const reference = /\{port of ([^{}\n]+)\}/g

type Told = Pick<Recipe, 'command' | 'environment'>

/** The other services whose ports a command and an environment name, as they are written there, each once. */
export function portsNamed({ command, environment }: Told): string[] {
  const names = [command, ...Object.values(environment)].flatMap((text) =>
    [...text.matchAll(reference)].map(([, name = '']) => name.trim()),
  )
  return [...new Map(names.map((name) => [nameKey(name), name])).values()]
}

/** The recipe with digits for every port that it names. `portOf` knows all of `portsNamed`. */
export function withPorts<Some extends Told>(
  recipe: Some,
  own: PortNumber,
  portOf: (name: string) => PortNumber,
): Some {
  const told = (text: string): string =>
    text.replaceAll('{port}', String(own)).replaceAll(reference, (_, name: string) => String(portOf(name.trim())))
  const environment = Object.fromEntries(Object.entries(recipe.environment).map(([key, value]) => [key, told(value)]))
  return { ...recipe, command: told(recipe.command), environment }
}
