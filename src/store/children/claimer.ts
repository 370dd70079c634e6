import type { Commit, Committed } from '../../core/commit.ts'
import { isProblem } from '../../core/problem.ts'
import { allocate, putRange, putService, release } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { inTurn } from '../../machine/writers.ts'
import { openSqliteStore } from '../sqlite.ts'
import { say, waitAtGate } from './gate.ts'

export interface Measured {
  readonly claims: number
  readonly commits: number
  /** Calls to etcd. */
  readonly asked: number
  readonly seconds: number
  /** Milliseconds of one claim. */
  readonly median: number
  readonly p99: number
  readonly slowest: number
}

/**
 * Claims ports from 20000 on, one after the other, and gives every third back. Arguments: an address of etcd or a path, a name, how many claims, `lowest` or `own`
 * for the order of the candidates (the same for all, or one that begins elsewhere for each claim), how many candidates. Says `Measured`.
 */
const [, , url = '', name = '', turns = '1', order = 'own', ports = '2000'] = process.argv
const store = url.startsWith('etcd://') ? openEtcdStore(url) : openSqliteStore({ path: url, host: 'box', inTurn })
const first = 20_000
const width = Number(ports)
let asked = 0
const fetchItself = globalThis.fetch
globalThis.fetch = Object.assign(
  (...request: Parameters<typeof fetch>) => {
    asked++
    return fetchItself(...request)
  },
  { preconnect: fetchItself.preconnect },
)
await commitAtLast({ id: `${name} put`, at: '', changes: [putRange('Claims', first, first + width - 1)] })
waitAtGate()
asked = 0
const begin = performance.now()
const times: number[] = []
let commits = 0
for (let turn = 0; turn < Number(turns); turn++) {
  const id = `${name} ${turn}`
  const start = order === 'own' ? Number(Bun.hash(id) % BigInt(width)) : 0
  const candidates = Array.from({ length: width }, (_, index) => first + ((start + index) % width))
  const at = performance.now()
  const promised = await claim(id, candidates)
  times.push(performance.now() - at)
  commits++
  if (turn % 3 !== 2 || promised === null) continue
  await commitAtLast({ id: `${id} release`, at: '', changes: [release(id, promised)] })
  commits++
}
const seconds = (performance.now() - begin) / 1000
times.sort((a, b) => a - b)
const measured: Measured = {
  claims: Number(turns),
  commits,
  asked,
  seconds,
  median: times[times.length >> 1] ?? 0,
  p99: times[Math.floor(times.length * 0.99)] ?? 0,
  slowest: times.at(-1) ?? 0,
}
say(measured)
await store.close()

/** Asked again by its id where a loaded machine kept the store from answering: the time that this takes is part of what is measured. */
async function commitAtLast(commit: Commit): Promise<Committed> {
  for (;;) {
    try {
      return await store.commit(commit)
    } catch (error) {
      if (!isProblem(error, 'busy') && !isProblem(error, 'unavailable') && !isProblem(error, 'ambiguous')) throw error
    }
  }
}

async function claim(id: string, candidates: readonly number[]): Promise<number | null> {
  const changes = [putService(name), allocate(name, candidates, { id, within: 'Claims' })]
  try {
    const { allocations } = await commitAtLast({ id, at: '', changes })
    return allocations[0]?.fence ?? null
  } catch (error) {
    if (!isProblem(error, 'range-full')) throw error
    return null
  }
}
