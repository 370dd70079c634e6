import { Problem } from '../../core/problem.ts'

/** What a call to one member ended with, other than an answer. */
export class Failure extends Error {
  /**
   * `untouched`: surely nothing happened, and another member may do it. `untrusted`: the same, and asking this one again is of no use. `lost`: what was
   * asked for may happen, have happened or not. `refused`: etcd does not do this, whichever member is asked.
   */
  readonly kind: 'untouched' | 'untrusted' | 'lost' | 'refused'
  /** The gRPC code where etcd answered, else null. */
  readonly code: number | null

  constructor(kind: Failure['kind'], why: string, code: number | null = null) {
    super(why)
    this.name = 'Failure'
    this.kind = kind
    this.code = code
  }
}

/** gRPC codes (google.golang.org/grpc/codes). */
export const grpc = { permissionDenied: 7, resourceExhausted: 8, unauthenticated: 16 } as const

/** InvalidArgument, NotFound, PermissionDenied, ResourceExhausted, FailedPrecondition, OutOfRange, Unimplemented, Unauthenticated: decided before anything is done. */
const refusals: readonly number[] = [3, 5, 7, 8, 9, 11, 12, 16]

/**
 * What an answer that is not a success means. Only what says that nothing was begun is `untouched`: Unavailable and Unknown cover also writes that were
 * handed on and not yet confirmed ("server stopped" among them), and what stands between us and etcd answers for itself when it waited in vain.
 */
export function failureOf(status: number, body: string): Failure {
  const { code, why } = wordsOf(body)
  if (code === null) {
    if (status >= 500 || status === 408) return new Failure('lost', `HTTP ${status} without a reason`)
    return new Failure('untouched', `what answers there is not etcd (HTTP ${status})`)
  }
  if (/no leader|too many requests/.test(why)) return new Failure('untouched', why, code)
  return new Failure(refusals.includes(code) ? 'refused' : 'lost', why, code)
}

function wordsOf(body: string): { code: number | null; why: string } {
  try {
    const { code, message, error } = JSON.parse(body)
    return { code: typeof code === 'number' ? code : null, why: String(message ?? error ?? 'no reason given') }
  } catch {
    return { code: null, why: '' }
  }
}

/** The words of a call that our own deadline ended: they say less than any failure before it. */
export const noAnswer = 'no answer in time'

/** A connection that could not be made carried nothing; any other end of a call leaves open what happened. */
export function failureOfFetch(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const never = ['ECONNREFUSED', 'ConnectionRefused', 'FailedToOpenSocket', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH']
  if (untrusted.test(code)) return new Failure('untrusted', `no trusted TLS connection (${code})`)
  if (never.includes(code)) return new Failure('untouched', connectionWords(code))
  // It may come after a request was sent: a server that misses our certificate says so behind its own handshake.
  if (code === 'EPROTO')
    return new Failure('lost', 'there is no TLS, or it wants a certificate of ours (?cert=...&key=...)')
  const why = error instanceof Error && error.name === 'TimeoutError' ? noAnswer : 'the connection was cut'
  return new Failure('lost', why)
}

/** How OpenSSL and Bun call what is wrong with the certificate of the other side. */
const untrusted = /CERT|TLS|SSL|^UNABLE_TO|^HOSTNAME_MISMATCH$|^INVALID_CA$/

function connectionWords(code: string): string {
  return code === 'ENOTFOUND' ? 'its name is not known' : `nobody answers there (${code})`
}

/** The problem for whom the store serves. Nothing of it holds a password: a failure's words come from etcd or from here. */
export function problemOf(failure: Failure, store: string): Problem {
  if (failure.code === grpc.permissionDenied) {
    return new Problem('unavailable', { store, why: 'the user may not do this under this prefix' })
  }
  if (failure.code === grpc.resourceExhausted && failure.message.includes('space exceeded')) {
    return new Problem('disk-full', { store })
  }
  return new Problem('unavailable', { store, why: failure.message })
}
