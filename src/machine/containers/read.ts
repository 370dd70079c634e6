import { parseAddress } from '../../core/address.ts'
import type { Container, Published } from '../../core/container.ts'
import { isPortNumber } from '../../core/port.ts'
import { isProblem } from '../../core/problem.ts'

/** The containers in the answer to `GET /containers/json`. Null for what is no such answer. Nothing has been looked at inside of them yet. */
export function readContainers(value: unknown, engine: Container['engine']): Container[] | null {
  if (!Array.isArray(value)) return null
  return value.flatMap((one) => readContainer(one, engine) ?? [])
}

function readContainer(value: unknown, engine: Container['engine']): Container | null {
  const id = text(field(value, 'Id'))
  if (id === null || !/^[0-9a-f]{64}$/.test(id)) return null
  const labels = field(value, 'Labels')
  const names = field(value, 'Names')
  const name = Array.isArray(names) ? text(names[0]) : null
  const ports = field(value, 'Ports')
  return {
    engine,
    id,
    name: name?.replace(/^\//, '') ?? id.slice(0, 12),
    image: text(field(value, 'Image')) ?? '',
    // podman-compose uses the first names too since 1.0, and its own before.
    project: text(field(labels, 'com.docker.compose.project')) ?? text(field(labels, 'io.podman.compose.project')),
    service: text(field(labels, 'com.docker.compose.service')) ?? text(field(labels, 'io.podman.compose.service')),
    label: text(field(labels, 'iza.ports.service')),
    folder: text(field(labels, 'com.docker.compose.project.working_dir')),
    pid: null,
    published: Array.isArray(ports) ? ports.flatMap((port) => readPublished(port) ?? []) : [],
  }
}

/** Null for a port that the image only exposes. */
function readPublished(value: unknown): Published | null {
  const [port, target, protocol] = [field(value, 'PublicPort'), field(value, 'PrivatePort'), field(value, 'Type')]
  if (!isPort(port) || !isPort(target) || (protocol !== 'tcp' && protocol !== 'udp')) return null
  try {
    // Podman leaves the address out where it is every one.
    const address = parseAddress(text(field(value, 'IP')) || '0.0.0.0')
    return { protocol, address, port, target, inside: null }
  } catch (error) {
    if (isProblem(error)) return null
    throw error
  }
}

/** The first process in the answer to `GET /containers/ID/json`, null for a container that has none. */
export function readPid(value: unknown): number | null {
  const pid = field(field(value, 'State'), 'Pid')
  return typeof pid === 'number' && Number.isInteger(pid) && pid > 1 ? pid : null
}

function isPort(value: unknown): value is Published['port'] {
  return typeof value === 'number' && isPortNumber(value)
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}
