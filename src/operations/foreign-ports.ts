import { join } from 'node:path'
import type { Owner } from '../core/claim-plan.ts'
import { isProblem } from '../core/problem.ts'
import type { Registry } from '../core/registry.ts'
import { portsIn } from '../formats/env-block.ts'
import type { PortVariable } from '../formats/env-block.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

/** The files that tools read variables from without being told. */
const readByTools = ['.env', '.env.local', '.env.development', '.env.development.local']

/** A variable of a file that carries a port which is claimed by somebody else. */
export type ForeignPort = PortVariable & { readonly service: string }

/** Which of the variables carry ports of other owners' claims on this host. */
export function foreignAmong(
  variables: readonly PortVariable[],
  registry: Registry,
  host: string,
  owner: Owner,
): ForeignPort[] {
  return variables.flatMap(({ variable, port, line }) => {
    const other = registry.allocations.find(
      (one) => one.host === host && one.port === port && one.kind === 'claim' && one.owner !== owner.id,
    )
    return other ? [{ variable, port, line, service: other.service }] : []
  })
}

/**
 * Warns of every port in the env files of the call's workspace that is another one's: a fresh worktree often got a copy of the main checkout's files, and
 * whatever reads them runs into what runs there. `except` is a file whose ports the caller tells of itself.
 */
export async function warnOfForeignPorts(
  world: World,
  call: Call,
  registry: Registry,
  owner: Owner,
  except: string | null = null,
): Promise<void> {
  const root = owner.id.startsWith('workspace:') ? owner.id.slice('workspace:'.length) : null
  if (root === null || !call.warn) return
  for (const name of readByTools) {
    const path = join(root, name)
    const variables = path === except ? [] : portsIn(await readable(world, path), 'with our block')
    for (const { variable, port, line, service } of foreignAmong(variables, registry, world.host, owner)) {
      call.warn(
        `${path}:${line}: ${variable}=${port} is the port of ${service}; write this workspace's own with: ports env --write ${name}`,
      )
    }
  }
}

/** Empty where the file cannot be read: `.env` is often a folder of Python's, and a warning is no reason to fail. */
async function readable(world: World, path: string): Promise<string> {
  try {
    return await textOf(world, path)
  } catch (error) {
    if (isProblem(error)) return ''
    throw error
  }
}

/** Empty where there is no such file. Throws `file-unreadable`. */
export async function textOf(world: World, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await world.files.read(path))
  } catch (error) {
    if (isProblem(error, 'file-missing')) return ''
    throw error
  }
}
