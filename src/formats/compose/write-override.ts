import { explainStep, portText } from '../../core/compose-explain.ts'
import type { ComposePlan, ComposeStep } from '../../core/compose-plan.ts'
import { printable } from '../../core/text.ts'
import { portEntries } from './write-entries.ts'
import type { PortEntry } from './write-entries.ts'

/**
 * The text of `docker-compose.override.yml`: `ports: !override` for each service of which a port moves, with all the ports that it then publishes, and
 * nothing else. Laid over the project's own files it makes them publish what the plan says. The same plan makes the same text. Null where nothing moves.
 * Needs Compose 2.24.4 or later: an older one appends to `ports` and publishes both, and Compose 1 fails on the tag.
 */
export function writeOverride(plan: ComposePlan): string | null {
  const services = [...Map.groupBy(plan.steps, ({ publish }) => publish.service)].filter(([, steps]) =>
    steps.some(({ action }) => action === 'move'),
  )
  if (services.length === 0) return null
  const lines = [
    '# Published ports as the IZA Ports registry has them, laid over the files of the project.',
    '# !override replaces the list of ports; it needs Compose 2.24.4 or later.',
    'services:',
  ]
  for (const [name, steps] of services) lines.push(`  ${keyText(name)}:`, ...serviceLines(steps))
  return `${lines.join('\n')}\n`
}

function serviceLines(steps: readonly ComposeStep[]): string[] {
  const notes = new Set(steps.map((step) => `    # ${noteOf(step)}`))
  return [...notes, '    ports: !override', ...portEntries(steps).flatMap((entry) => entryLines(entry, '      '))]
}

/** What happens to one published port and why, on one line. */
export function noteOf(step: ComposeStep): string {
  const how = step.action === 'move' ? `${portText(step.publish)} -> ${step.to}` : `${portText(step.publish)} stays`
  return printable(`${how}: ${explainStep(step)}.`)
}

function entryLines(entry: PortEntry, indent: string): string[] {
  if (typeof entry === 'string') return [`${indent}- ${JSON.stringify(entry)}`]
  return Object.entries(entry).map(([key, value], index) => {
    const text = typeof value === 'number' ? `${value}` : plainOrQuoted(key, value)
    return `${indent}${index === 0 ? '- ' : '  '}${key}: ${text}`
  })
}

/** Words stay bare; numbers and addresses would be read as something else. */
function plainOrQuoted(key: string, text: string): string {
  return (key === 'protocol' || key === 'mode') && /^[a-z]+$/.test(text) ? text : JSON.stringify(text)
}

/** A service's name as a key. Words that YAML 1.1 takes for truth values, and numbers, are quoted. */
function keyText(name: string): string {
  const bare = /^[A-Za-z_][\w.-]*$/.test(name) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(name)
  return bare ? name : JSON.stringify(name)
}
