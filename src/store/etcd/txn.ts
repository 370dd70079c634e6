import { encoded } from './wire.ts'
import type { Compare, RangeRequest, Step, StepResponse, Txn } from './wire.ts'

/** A key, or every key from `key` up to and without `end`. */
export interface Span {
  readonly key: string
  readonly end?: string
}

/** The end of the span of all keys that begin with the text, which has to end in an ASCII character. */
export function endOf(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}

export function under(prefix: string): Span {
  return { key: prefix, end: endOf(prefix) }
}

export function rangeOf({ key, end }: Span): RangeRequest {
  return end === undefined ? { key: encoded(key) } : { key: encoded(key), range_end: encoded(end) }
}

export function look(span: Span): Step {
  return { request_range: rangeOf(span) }
}

export function put(key: string, value: string): Step {
  return { request_put: { key: encoded(key), value: encoded(value) } }
}

export function remove(key: string): Step {
  return { request_delete_range: { key: encoded(key) } }
}

/** The key is as it was when it was last put at that revision; 0 for a key that is not there. */
export function unchanged(key: string, modified: number): Compare {
  return { target: 'MOD', result: 'EQUAL', key: encoded(key), mod_revision: String(modified) }
}

/** No key of the span was put after the revision. etcd compares all keys of a span, and an empty span like a key that is not there. */
export function nothingNewer(span: Span, revision: number): Compare {
  return { target: 'MOD', result: 'LESS', ...rangeOf(span), mod_revision: String(revision + 1) }
}

export function versionIs(result: Compare['result'], key: string, version: number): Compare {
  return { target: 'VERSION', result, key: encoded(key), version: String(version) }
}

/** etcd refuses more than 128 steps or compares in a transaction (`--max-txn-ops`), where those of nested ones count with their parents'. */
export const mostCompares = 60
const group = 50

/** Many steps as few: in groups, each a transaction of its own without a condition inside the one that they belong to. */
export function grouped(steps: readonly Step[]): readonly Step[] {
  if (steps.length <= group) return steps
  const groups: Step[] = []
  for (let index = 0; index < steps.length; index += group) {
    groups.push({ request_txn: { compare: [], success: steps.slice(index, index + group), failure: [] } })
  }
  return groups
}

/** The answers to `grouped` steps, in the steps' order. */
export function ungrouped(responses: readonly StepResponse[] = []): StepResponse[] {
  return responses.flatMap((response) =>
    response.response_txn ? ungrouped(response.response_txn.responses) : [response],
  )
}

export function reading(spans: readonly Span[]): Txn {
  return { compare: [], success: grouped(spans.map(look)), failure: [] }
}
