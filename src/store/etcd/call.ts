import { Failure, failureOf, failureOfFetch } from './failure.ts'

/** How long the body may take once an answer has begun: the deadline is for etcd's thinking, and a large registry takes its time on the way. */
const bodyMilliseconds = 30_000

export interface Calling {
  /** Until the answer begins, in milliseconds. */
  readonly within: number
  readonly token: string | null
  /** PEM texts: the certificates to trust instead of the system's, and our own certificate with its key. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

/** One POST to one member, and its JSON. Throws `Failure`. */
export async function call<Answer>(endpoint: string, path: string, body: unknown, calling: Calling): Promise<Answer> {
  const abort = new AbortController()
  const response = await post(endpoint, path, body, calling, abort)
  const timer = setTimeout(() => abort.abort(new DOMException('', 'TimeoutError')), bodyMilliseconds)
  try {
    const text = await response.text()
    if (!response.ok) throw failureOf(response.status, text)
    return JSON.parse(text) as Answer
  } catch (error) {
    // An answer that was cut off looks the same as one that is not etcd's.
    if (error instanceof SyntaxError) throw new Failure('lost', 'what answers there is not etcd')
    throw error instanceof Failure ? error : failureOfFetch(error)
  } finally {
    clearTimeout(timer)
  }
}

/** The beginning of an answer. The deadline ends with it; afterwards only `abort` ends the body. */
export async function post(
  endpoint: string,
  path: string,
  body: unknown,
  { within, token, tls }: Calling,
  abort: AbortController,
): Promise<Response> {
  const timer = setTimeout(() => abort.abort(new DOMException('', 'TimeoutError')), within)
  try {
    return await fetch(endpoint + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: token }) },
      signal: abort.signal,
      redirect: 'error',
      ...(Object.keys(tls).length ? { tls } : {}),
    })
  } catch (error) {
    throw failureOfFetch(error)
  } finally {
    clearTimeout(timer)
  }
}
