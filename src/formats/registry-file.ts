import { stringify } from 'yaml'
import * as z from './zod.ts'
import { allocationsOf } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import type { PortDocument } from '../core/document.ts'
import { Problem } from '../core/problem.ts'
import { Contradiction, documentOf } from './registry-content.ts'
import { registryShape } from './registry-shape.ts'
import type { RegistryFile } from './registry-shape.ts'
import { readSource } from './registry-source.ts'

/**
 * The host's part of the registry, in the registry's order. Ids, fences, revisions and the time of a promise are
 * the store's own and stay there: the same promises make the same file.
 */
export function toRegistryFile(registry: Registry, host: string): RegistryFile {
  const rulings = registry.rulings.filter((ruling) => ruling.host === null || ruling.host === host)
  return {
    schema: 1,
    host,
    ranges: registry.ranges.map(({ name, from, to, purpose, examples }) => ({ name, from, to, purpose, examples })),
    services: registry.services
      .filter((service) => service.host === host)
      .map((service) => {
        const { name, description, range, resolved, declared } = service
        const allocations = allocationsOf(registry, service).map(({ protocol, address, port, kind, owner }) => {
          return { protocol, address, port, kind, owner }
        })
        return { name, description, range, resolved, declared, allocations }
      }),
    resolutions: registry.resolutions
      .filter((resolution) => resolution.host === host)
      .map(({ service, from, to, why, when }) => ({ service, from, to, why, when })),
    ...(rulings.length > 0 && {
      rulings: rulings.map(({ rule, about, level, why, when }) => ({ rule, about, level, why, when })),
    }),
  }
}

/**
 * Reads an exported registry, JSON or YAML by its content, whole or not at all: a file of this form comes from a
 * program, so what is wrong in it is an error and no line to pass over. Throws `registry-invalid` with the line and
 * the place; `path` is only for that message.
 */
export function readRegistryFile(text: string, path: string): PortDocument {
  const source = readSource(text, path)
  const refuse = (place: readonly PropertyKey[], why: string): Problem => {
    const line = source.lineOf(place)
    return new Problem('registry-invalid', {
      path,
      why: `${line > 0 ? `line ${line}, ` : ''}${placeText(place)}: ${why}`,
    })
  }
  const read = registryShape.safeParse(source.value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw refuse(issue?.path ?? [], issue?.message ?? 'it has another form')
  }
  try {
    return documentOf(read.data, source.lineOf)
  } catch (error) {
    throw error instanceof Contradiction ? refuse(error.place, error.message) : error
  }
}

export function writeJson(file: RegistryFile): string {
  return `${JSON.stringify(file, null, 2)}\n`
}

export function writeYaml(file: RegistryFile): string {
  return stringify(file, { lineWidth: 0 })
}

/** The form as JSON Schema (draft 2020-12), for editors and for whoever writes such a file by program. */
export function registryFileJsonSchema(): Record<string, unknown> {
  return { title: 'IZA Ports registry', ...z.toJSONSchema(registryShape) }
}

/** `services[3].allocations[0].port`, as `jq` would write it. */
function placeText(place: readonly PropertyKey[]): string {
  const text = place.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return text === '' ? 'the whole file' : text.replace(/^\./, '')
}
