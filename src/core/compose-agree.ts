import { portAfter } from './compose-plan.ts'
import type { ComposePlan } from './compose-plan.ts'
import type { ComposeProject, ComposeService, Publish } from './compose.ts'

/** One published port as two readers can compare it: `web 127.0.0.1:3000-:80/tcp`. */
function spotOf({ service, hostIp, published, publishedTo, target, protocol }: Publish): string {
  const to = publishedTo === null ? '' : `-${publishedTo}`
  const address = hostIp === null ? '' : `${hostIp}:`
  return `${service} ${address}${published ?? 'a free port'}${to} for ${target}/${protocol}`
}

/**
 * Our reading of the project, corrected by what Compose itself says of the services that start: its ports count, with the places in the files that we know
 * of the same ports. Gives also what differed, which is a fault of our reader or of theirs.
 */
export function withTruth(
  own: ComposeProject,
  theirs: ComposeProject,
): { project: ComposeProject; differences: string[] } {
  const differences: string[] = []
  const truth = new Map(theirs.services.map((service) => [service.name, service]))
  const services = own.services.map((service): ComposeService => {
    const said = truth.get(service.name)
    truth.delete(service.name)
    if (!said) return service
    const known = new Map(service.publishes.map((publish) => [spotOf(publish), publish]))
    const missing = said.publishes.filter((publish) => !known.has(spotOf(publish)))
    if (missing.length === 0 && said.publishes.length === service.publishes.length) return service
    differences.push(service.name)
    return { ...service, publishes: said.publishes.map((publish) => known.get(spotOf(publish)) ?? publish) }
  })
  for (const { name } of truth.values()) differences.push(name)
  return { project: { ...own, services: [...services, ...truth.values()] }, differences }
}

/** What the merged project publishes otherwise than the plan says: empty is what is wanted. Only services that the project has are compared. */
export function differencesFrom(plan: ComposePlan, merged: ComposeProject): string[] {
  const present = new Set(merged.services.map(({ name }) => name))
  const wanted = plan.steps.flatMap((step) => {
    const publishedTo = step.action === 'move' ? null : step.publish.publishedTo
    return present.has(step.publish.service)
      ? [spotOf({ ...step.publish, published: portAfter(step), publishedTo })]
      : []
  })
  const published = merged.services.flatMap(({ publishes }) => publishes.map(spotOf))
  const [expected, found] = [new Set(wanted), new Set(published)]
  return [
    ...published.filter((spot) => !expected.has(spot)).map((spot) => `${spot} is published too`),
    ...wanted.filter((spot) => !found.has(spot)).map((spot) => `${spot} is missing`),
  ]
}
