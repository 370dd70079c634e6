import { imageName, programCalled, programOfImage, programOfPort, programOfService, squeeze } from './compose-images.ts'
import type { KnownImage } from './compose-images.ts'
import type { Unit } from './compose-pairs.ts'
import type { ComposeService } from './compose.ts'
import { allocationsOf, findService } from './registry.ts'
import type { Registry } from './registry.ts'
import type { Service } from './service.ts'

/** What a compose service was known by. */
export type Clue = 'label' | 'name' | 'container-name' | 'alias' | 'image' | 'container-port'

/** On a compose service: the registered service that it is. With `.PORT` behind it, for one container port only. */
export const serviceLabel = 'iza.ports.service'

/** Which registered service a published port belongs to. */
export type Match =
  | { readonly kind: 'service'; readonly service: string; readonly by: Clue }
  | { readonly kind: 'several'; readonly candidates: readonly string[]; readonly by: Clue }
  | { readonly kind: 'unknown-label'; readonly label: string }
  | { readonly kind: 'no-service'; readonly label: null }

/** The registered service of one published port. Clues are asked in their order, and the first that says anything decides. */
export function matchPublish(service: ComposeService, unit: Unit, registry: Registry, host: string): Match {
  const label = service.labels[`${serviceLabel}.${unit.target}`] ?? service.labels[serviceLabel]
  if (label !== undefined) {
    const named = findService(registry, host, label)
    return named ? { kind: 'service', service: named.name, by: 'label' } : { kind: 'unknown-label', label }
  }
  const here = registry.services.filter((one) => one.host === host)
  const called = (name: string): Service[] => here.filter((one) => squeeze(one.name) === squeeze(name))
  const like = (program: KnownImage | null): Service[] =>
    program ? here.filter(({ name }) => programOfService(name) === program) : []
  const clues: readonly (readonly [Clue, () => Service[]])[] = [
    ['name', () => called(service.name)],
    ['container-name', () => (service.containerName === null ? [] : called(service.containerName))],
    ['alias', () => [...new Set(service.aliases.flatMap(called))]],
    ['image', () => (service.image === null ? [] : called(imageName(service.image)))],
    ['image', () => (service.image === null ? [] : like(programOfImage(service.image)))],
    ['name', () => like(programCalled(service.name))],
    ['container-name', () => (service.containerName === null ? [] : like(programCalled(service.containerName)))],
    ['container-port', () => (knowsImage(service) ? [] : like(programOfPort(unit.target)))],
  ]
  for (const [by, find] of clues) {
    const found = find()
    if (found.length) return chosen(found, unit, registry, by)
  }
  return { kind: 'no-service', label: null }
}

/** A port tells nothing where the image says that it is another program. */
function knowsImage({ image }: ComposeService): boolean {
  return image !== null && programOfImage(image) !== null
}

/** Of several that fit, the one that has the published port already, or else the container's port as its own. */
function chosen(found: readonly Service[], unit: Unit, registry: Registry, by: Clue): Match {
  const ports = (service: Service): number[] =>
    allocationsOf(registry, service)
      .filter(({ protocol }) => protocol === unit.protocol)
      .map(({ port }) => port)
  const fits = [
    found,
    found.filter((service) => unit.published !== null && ports(service).includes(unit.published)),
    found.filter((service) => ports(service).includes(unit.target)),
  ]
  const single = fits.find((few) => few.length === 1)?.[0]
  if (single) return { kind: 'service', service: single.name, by }
  return { kind: 'several', candidates: found.map(({ name }) => name), by }
}
