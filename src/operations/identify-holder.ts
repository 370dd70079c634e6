import { recognise } from '../catalog/programs.ts'
import type { Allocation } from '../core/allocation.ts'
import { isPublisher } from '../core/container.ts'
import { sameProcess } from '../core/listener.ts'
import type { Holder } from '../core/listener.ts'
import { nameKey } from '../core/name.ts'
import { findService } from '../core/registry.ts'
import type { Registry } from '../core/registry.ts'
import { isLikeRun } from '../core/run.ts'
import type { Run } from '../core/run.ts'
import type { Identified } from '../core/verdict.ts'

/** What the registry and the journal know of one allocation, to hold a process against. */
export interface Expectation {
  readonly registry: Registry
  readonly host: string
  readonly allocation: Allocation
  /** Runs of any service that were not seen to end. */
  readonly runs: readonly Run[]
  /** The last run of this very service, ended or not. */
  readonly last: Run | null
}

/** Who the process surely is: by our run, by the marker that runs leave in the environment, by the command and folder of the last run, or by what the catalog knows. */
export function identifyHolder(expected: Expectation, holder: Holder, marker: string | null): Identified | null {
  const { registry, host, allocation, runs, last } = expected
  const run = runs.find(
    ({ process }) => sameProcess(process, holder) || (process.pid === holder.session && process.boot === holder.boot),
  )
  const named = run?.service ?? marker
  if (named) {
    const service = findService(registry, host, named)?.name ?? named
    return {
      service: nameKey(service) === nameKey(allocation.service) ? allocation.service : service,
      by: run ? 'run' : 'marker',
    }
  }
  if (last && isLikeRun(last, holder)) return { service: allocation.service, by: 'command' }
  const recognised = recognise(allocation.service, holder)
  if (recognised === null || (recognised === 'no' && isPublisher(holder))) return null
  return { service: recognised === 'yes' ? allocation.service : null, by: 'command' }
}
