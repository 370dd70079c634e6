import { imageName, programCalled, programOfImage, programOfService, squeeze } from './compose-images.ts'
import type { Container } from './container.ts'
import { nameKey } from './name.ts'
import type { Identified } from './verdict.ts'

/**
 * Whether a container is the service: by its label, by the compose service, its own name or its image's name, spelled as the service is, or by the widely known
 * program that both are. A label that names another service, and an image that is another known program, say that it surely is not. Null where nothing tells.
 */
export function identifyContainer(service: string, container: Container): Identified | null {
  const { label, name, image, service: composed } = container
  const is = (whom: string | null): Identified => ({ service: whom, by: 'container', name })
  if (label !== null) return is(nameKey(label) === nameKey(service) ? service : label)
  const called = [composed, name, imageName(image)].filter((text) => text !== null)
  if (called.some((text) => squeeze(text) === squeeze(service))) return is(service)
  const [expected, running] = [programOfService(service), programOfImage(image)]
  if (!expected || !running) return null
  return is(expected === running ? service : null)
}

/**
 * Whether a systemd service is the registered one: by its name, or by the widely known program that both are called after. `postgresql@15-main.service` is an
 * instance of `postgresql`. Null where nothing tells.
 */
export function identifyUnit(service: string, unit: string): Identified | null {
  const bare = unit.replace(/(@.*)?\.service$/, '')
  const is = (whom: string | null): Identified => ({ service: whom, by: 'unit', name: unit })
  if (squeeze(bare) === squeeze(service)) return is(service)
  const [expected, running] = [programOfService(service), programCalled(bare.replace(/-(server|db)$/, ''))]
  if (!expected || !running) return null
  return is(expected === running ? service : null)
}

/**
 * Whether a server that answered a handshake is the service. `program` is what its answer showed it to be, null where many speak like that. `exclusive`: the service
 * speaks a protocol of its own, so that whoever speaks another one surely is not it. Null where nothing tells.
 */
export function identifyAnswer(
  service: string,
  program: string | null,
  says: string,
  exclusive: boolean,
): Identified | null {
  const is = (whom: string | null): Identified => ({ service: whom, by: 'handshake', name: program ?? says })
  const expected = programOfService(service)
  const running = program === null ? null : programCalled(program)
  if (expected && running) return is(expected === running ? service : null)
  const title = /“(.+)”/.exec(says)?.[1]
  if (title !== undefined && squeeze(title) === squeeze(service)) return is(service)
  return exclusive ? is(null) : null
}
