/**
 * The shapes of etcd's v3 JSON gateway that we use (api/etcdserverpb/rpc.proto). Keys and values are base64, 64-bit numbers are texts, and
 * a field that is zero, empty or false is left out.
 */
export interface WireEntry {
  readonly key: string
  readonly value?: string
  readonly version?: string
  readonly create_revision?: string
  readonly mod_revision?: string
}

export interface RangeRequest {
  readonly key: string
  readonly range_end?: string
  readonly limit?: string
  readonly min_mod_revision?: string
  readonly max_mod_revision?: string
}

export interface RangeResponse {
  readonly header?: { readonly revision?: string }
  readonly kvs?: readonly WireEntry[]
}

export interface Compare {
  readonly target: 'VERSION' | 'MOD'
  readonly result: 'EQUAL' | 'LESS' | 'GREATER'
  readonly key: string
  readonly range_end?: string
  readonly version?: string
  readonly mod_revision?: string
}

export type Step =
  | { readonly request_range: RangeRequest }
  | {
      readonly request_put: {
        readonly key: string
        readonly value: string
        readonly prev_kv?: boolean
        readonly lease?: string
      }
    }
  | { readonly request_delete_range: { readonly key: string } }
  | { readonly request_txn: Txn }

export interface Txn {
  readonly compare: readonly Compare[]
  readonly success: readonly Step[]
  readonly failure: readonly Step[]
}

export interface StepResponse {
  readonly response_range?: RangeResponse
  readonly response_put?: { readonly prev_kv?: WireEntry }
  readonly response_txn?: TxnResponse
}

export interface TxnResponse {
  readonly header?: { readonly revision?: string }
  readonly succeeded?: boolean
  readonly responses?: readonly StepResponse[]
}

/** A key with its value, as it was at one revision of etcd. */
export interface Entry {
  readonly key: string
  readonly value: string
  /** How often it was put since it is there. */
  readonly version: number
  /** etcd's revisions at which it came and at which it was last put. */
  readonly created: number
  readonly modified: number
}

export function entryOf(entry: WireEntry): Entry {
  return {
    key: decoded(entry.key),
    value: decoded(entry.value ?? ''),
    version: Number(entry.version ?? 0),
    created: Number(entry.create_revision ?? 0),
    modified: Number(entry.mod_revision ?? 0),
  }
}

export function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}
