import { addressOf, planCompose } from './compose-plan.ts'
import { explainStep, portText } from './compose-explain.ts'
import type { ComposeStep } from './compose-plan.ts'
import type { ComposeProject, Publish } from './compose.ts'
import type { DocumentPort, DocumentService, PortDocument, UnusedLine } from './document.ts'
import { nameKey, parseName } from './name.ts'
import { findService } from './registry.ts'
import type { Registry } from './registry.ts'

/**
 * What a compose project would add to the registry: each service that nothing registered is like, under its label or its own name, with the ports that it
 * publishes. A service that the registry has already keeps what it has: where the project publishes something else, that is reported and a person decides.
 */
export function documentOfCompose(project: ComposeProject, registry: Registry, host: string): PortDocument {
  const { steps } = planCompose(project, registry, host)
  const unused: UnusedLine[] = []
  const services: DocumentService[] = []
  for (const [name, own] of Map.groupBy(steps, ({ publish }) => publish.service)) {
    const image = project.services.find((service) => service.name === name)?.image ?? null
    const ports = own.flatMap((step) => {
      const why = whyNot(step)
      if (why === null) return [step.publish]
      if (why !== '') unused.push(lineOf(step.publish, why, step.action === 'move' || step.action === 'ambiguous'))
      return []
    })
    const [first] = ports
    if (!first) continue
    const registered = own.find(({ action }) => action === 'unregistered')
    const called = registered?.action === 'unregistered' ? (registered.service ?? name) : name
    const refused = findService(registry, host, called)
      ? `${called} is registered with other ports`
      : isName(called)
        ? null
        : 'its label is no name for a service'
    if (refused !== null) {
      unused.push(...ports.map((publish) => lineOf(publish, refused, true)))
      continue
    }
    const same = services.findIndex((service) => nameKey(service.name) === nameKey(called))
    const [earlier] = same < 0 ? [] : services.splice(same, 1)
    services.push({
      line: first.line,
      name: earlier?.name ?? called,
      resolved: false,
      declared: 'reserved',
      description: image === null ? `compose project ${project.name}` : `${image}, compose project ${project.name}`,
      range: null,
      ports: portsOf(ports, earlier?.ports),
    })
  }
  return { ranges: [], services, moves: [], rulings: [], unused: unused.toSorted((a, b) => a.line - b.line) }
}

/** Null where the port is to be registered, empty where it is already, else why it cannot be. */
function whyNot(step: ComposeStep): string | null {
  const { publish } = step
  if (publish.protocol === 'sctp') return 'sctp ports are not kept in the registry'
  if (step.action === 'keep') return ''
  if (step.action === 'move') return `${explainStep(step)}: 'ports compose' moves the project there`
  if (step.action === 'ambiguous') return explainStep(step)
  if (publish.published === null) return 'the engine picks a free port at each start'
  if (publish.publishedTo !== null) return 'the engine picks one of a range at each start'
  return step.why === 'no-service' || step.why === 'unknown-label' ? null : explainStep(step)
}

/** A label is a stranger's text. */
function isName(text: string): boolean {
  try {
    return parseName(text, 'service') === text
  } catch {
    return false
  }
}

function lineOf(publish: Publish, why: string, contradicts: boolean): UnusedLine {
  return {
    line: publish.line,
    text: `${publish.service}: ${portText(publish)} for ${publish.target}`,
    why,
    contradicts,
  }
}

function portsOf(publishes: readonly Publish[], earlier: readonly DocumentPort[] = []): DocumentPort[] {
  const ports = publishes.flatMap((publish): DocumentPort[] => {
    const { protocol, published } = publish
    if (published === null || protocol === 'sctp') return []
    return [{ protocol, address: addressOf(publish), port: published, kind: 'reservation', owner: null }]
  })
  return [...new Map([...earlier, ...ports].map((one) => [`${one.protocol} ${one.address} ${one.port}`, one])).values()]
}
