import { parseAddress } from '../../core/address.ts'
import type { Standing } from '../../core/allocation.ts'
import type { Change, Commit, Committed } from '../../core/commit.ts'
import { port } from '../../core/port.ts'
import type { Protocol } from '../../core/port.ts'
import { isProblem } from '../../core/problem.ts'
import type { Problem } from '../../core/problem.ts'
import type { Range } from '../../core/range.ts'
import type { Service } from '../../core/service.ts'
import type { RegistryStore } from '../../operations/world.ts'

/** The shortest ways to say what a test commits. Everything is on the host `box` unless the test says otherwise. */

export const at = '2026-11-23T10:00:00.000Z'

function rangeNamed(name: string, from: number, to: number, purpose = ''): Range {
  return { name, from: port(from), to: port(to), purpose, examples: '' }
}

export function putRange(name: string, from: number, to: number, purpose = ''): Change {
  return { do: 'put-range', range: rangeNamed(name, from, to, purpose) }
}

export function putService(name: string, fields: Partial<Service> = {}): Change {
  const plain = { host: 'box', description: '', range: null, resolved: false, declared: 'reserved' } as const
  return { do: 'put-service', service: { ...plain, name, ...fields } }
}

interface Wish {
  readonly id?: string
  readonly host?: string
  readonly protocol?: Protocol
  readonly address?: string
  readonly within?: string
  readonly owner?: string
  readonly expires?: string
  readonly session?: string
  readonly tokenHash?: string
  readonly begun?: { readonly boot: string; readonly at: number }
}

export function allocate(service: string, candidates: readonly number[], wish: Wish = {}): Change {
  const {
    id = `of ${service}`,
    host = 'box',
    protocol = 'tcp',
    address = '*',
    within = null,
    owner = null,
    expires = null,
    ...bearing
  } = wish
  const kind = within === null ? 'reservation' : 'claim'
  const where = { protocol, address: parseAddress(address), candidates: candidates.map(port) }
  return { do: 'allocate', id, kind, host, service, ...where, within, owner, expires, sole: false, ...bearing }
}

export function move(id: string, fence: number, candidates: readonly number[]): Change {
  return { do: 'move', id, fence, candidates: candidates.map(port) }
}

export function release(id: string, fence: number): Change {
  return { do: 'release', id, fence }
}

export function hold(id: string, fence: number, session: string | null): Change {
  return { do: 'hold', id, fence, session }
}

export function doubt(
  id: string,
  fence: number,
  session: string,
  standing: Standing = 'suspect',
  beat: number | null = null,
): Change {
  return { do: 'doubt', id, fence, session, standing, beat }
}

export function reclaim(id: string, fence: number): Change {
  return { do: 'reclaim', id, fence }
}

let count = 0

export function commitOf(changes: readonly Change[], fields: Partial<Commit> = {}): Commit {
  return { id: `commit ${++count}`, at, changes, ...fields }
}

export function commit(store: RegistryStore, ...changes: Change[]): Promise<Committed> {
  return store.commit(commitOf(changes))
}

/** The problem that the work ends with; fails when it succeeds or is our own fault. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (isProblem(error)) return error
    throw error
  }
  throw new Error('it succeeded')
}
