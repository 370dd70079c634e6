import { stringify } from 'yaml'
import type { ComposePlan } from '../../core/compose-plan.ts'
import { noteOf } from './write-override.ts'
import { portEntries } from './write-entries.ts'
import type { MapTree, Tree } from './tree.ts'
import { isNull } from './tree.ts'

/**
 * One compose file that stands for all files of the project, with the ports of the plan and no tags: for Compose older than 2.24.4 and for Compose 1,
 * where no override can take a port away. Variables are filled in with the values of now, secrets among them, and profiles, networks and volumes are kept.
 * It has to lie in the project directory, since paths start there. Compose 1 knows no project name in a file: give it with `-p`.
 */
export function writeStandalone(merged: MapTree, plan: ComposePlan): string {
  const steps = Map.groupBy(plan.steps, ({ publish }) => publish.service)
  const content: Record<string, unknown> = {}
  for (const [key, value] of merged.entries) {
    if (key === 'services' && value.kind === 'map') {
      content[key] = Object.fromEntries([...value.entries].map(([name, service]) => [name, withPorts(name, service)]))
    } else if (key !== 'name' && key !== 'include' && !key.startsWith('x-')) {
      content[key] = plainOf(value)
    }
  }
  const moves = plan.steps.filter(({ action }) => action === 'move')
  const header = [
    '# All files of the project in one, with the published ports that the IZA Ports registry has. Use it alone:',
    `#   docker-compose -p ${plan.project} -f THIS_FILE up -d`,
    '# Variables are filled in with the values of when it was written, so it may hold secrets.',
    ...moves.map((step) => `# ${step.publish.service}: ${noteOf(step)}`),
  ]
  // Compose 1 reads YAML 1.1, where `on` is a truth value and 22:22 a number: what would be one is quoted.
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const
  return `${header.join('\n')}\n${stringify(content, options)}`

  function withPorts(name: string, service: Tree): unknown {
    if (service.kind !== 'map') return plainOf(service)
    const plain = Object.fromEntries([...service.entries].map(([key, value]) => [key, attributeOf(key, value)]))
    const own = steps.get(name)
    return own ? { ...plain, ports: portEntries(own, true) } : plain
  }
}

function attributeOf(key: string, value: Tree): unknown {
  // Merged lists of names became mappings without values, which only the newest Compose takes here.
  if (key === 'depends_on' && value.kind === 'map' && [...value.entries.values()].every((one) => isNull(one))) {
    return [...value.entries.keys()]
  }
  return plainOf(value)
}

/** The tree as plain data, each dollar doubled so that no variable is looked for again. */
function plainOf(tree: Tree): unknown {
  if (tree.kind === 'list') return tree.items.map(plainOf)
  if (tree.kind === 'map') {
    return Object.fromEntries([...tree.entries].map(([key, value]) => [key, plainOf(value)]))
  }
  switch (tree.type) {
    case 'null':
      return null
    case 'boolean':
      return tree.text === 'true'
    case 'integer':
      return Number.isSafeInteger(Number(tree.text)) ? Number(tree.text) : BigInt(tree.text)
    case 'float':
      return Number.isNaN(Number(tree.text)) ? tree.text : Number(tree.text)
    case 'string':
      return tree.text.replaceAll('$', '$$$$')
  }
}
