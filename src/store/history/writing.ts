import type { Allocation } from '../../core/allocation.ts'
import type { Change } from '../../core/commit.ts'
import { isProblem } from '../../core/problem.ts'
import type { RegistryStore } from '../../operations/world.ts'
import { allocate, at, putService, release } from '../contract/changes.ts'
import { moment } from './attempt.ts'
import type { Attempt, Outcome } from './attempt.ts'

const addresses = ['*', '127.0.0.1', '0.0.0.0', '::1'] as const

/** The block that all writers meet in, and how many ports each keeps: so that what they ask for is all taken again and again. */
const block = { from: 20_000, width: 24, candidates: 8 }
const mostHeld = 8

/** Told before and after each commit, so that of a writer that is killed in between it is known what it asked for. */
export interface Witness {
  readonly asks: (asked: Pick<Attempt, 'id' | 'changes' | 'asked'>) => void
  readonly ends: (attempt: Attempt) => void
}

/** Claims ports and gives some back until told to stop, with a pause before each. What it does depends on its own random numbers and on what is free. */
export async function write(
  store: RegistryStore,
  name: string,
  random: () => number,
  stop: () => boolean,
  witness: Witness,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const held: Allocation[] = []
  let refused = false
  for (let turn = 0; !stop(); turn++) {
    await pause()
    const id = `${name} ${turn}`
    const oldest = held.length > mostHeld || refused ? held.shift() : undefined
    const changes = oldest ? [release(oldest.id, oldest.fence)] : claimOf(name, id, random)
    const asked = { id, changes, asked: moment() }
    witness.asks(asked)
    const outcome = await outcomeOf(store, id, changes)
    witness.ends({ ...asked, ended: moment(), outcome })
    refused = outcome.kind === 'refused'
    if (outcome.kind === 'done') held.push(...outcome.answer.allocations)
  }
}

function claimOf(name: string, id: string, random: () => number): Change[] {
  const address = addresses[Math.floor(random() * addresses.length)] ?? '*'
  const first = block.from + Math.floor(random() * block.width)
  const candidates = Array.from({ length: block.candidates }, (_, index) => first + index)
  return [putService(name), allocate(name, candidates, { id, address })]
}

async function outcomeOf(store: RegistryStore, id: string, changes: readonly Change[]): Promise<Outcome> {
  try {
    return { kind: 'done', answer: await store.commit({ id, at, changes }) }
  } catch (error) {
    if (!isProblem(error)) throw error
    return error.code === 'ambiguous' ? { kind: 'open' } : { kind: 'refused', code: error.code }
  }
}

/** A witness of writers in this program. */
export function remember(attempts: Attempt[]): Witness {
  return { asks: () => undefined, ends: (attempt) => attempts.push(attempt) }
}
