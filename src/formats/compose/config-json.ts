import type { ComposeProject } from '../../core/compose.ts'
import { parseCompose } from './parse.ts'
import { projectName, readServices } from './project.ts'
import { invalid } from './invalid.ts'
import { child, mapScalars, stringOf, textOf } from './tree.ts'
import type { MapTree } from './tree.ts'
import type { ReadProject } from './read.ts'

/**
 * The project from what `docker compose config --format json` prints: Compose's own merged truth, which knows no source lines (they are 0) and
 * only the services of the chosen profiles. `file` names it in problems. Throws `compose-invalid` for anything else.
 */
export function readConfigJson(text: string, file: string): ReadProject {
  const [tree] = parseCompose(text, file)
  if (tree?.kind !== 'map') throw invalid({ file, line: 1, column: 1 }, 'it is no configuration of Compose')
  // Compose writes each dollar twice, so that its output can be read as a compose file.
  const merged = mapScalars(tree, (scalar) => {
    if (scalar.type !== 'string' || !scalar.text.includes('$$')) return scalar
    return stringOf(scalar.text.replaceAll('$$', '$'), scalar)
  }) as MapTree
  const services = readServices(merged, ['*'], []).map((service) => {
    const publishes = service.publishes.map((publish) => ({ ...publish, file, line: 0, column: 0 }))
    return { ...service, publishes }
  })
  const name = projectName(textOf(child(merged, 'name')) ?? '')
  const project: ComposeProject = { name, files: [], services, notices: [] }
  return { project, merged }
}
