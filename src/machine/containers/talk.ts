import type { UnansweredEngine } from '../../core/container.ts'
import { errorCode } from '../error-code.ts'

/** An engine that answered something else than it should, or nothing. */
export class EngineFailure extends Error {
  readonly why: UnansweredEngine['why']

  constructor(why: UnansweredEngine['why']) {
    super(why)
    this.why = why
  }
}

/** Far above what the longest list of containers takes; whoever sends more is no engine. */
const mostBytes = 16 * 2 ** 20

/** Asks an engine on its socket (Docker Engine API; Podman answers the same). Throws `EngineFailure`. */
export async function get(
  socket: string,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly value: unknown; readonly server: string }> {
  const response = await send(socket, 'GET', path, signal)
  const text = await readAtMost(response, signal)
  if (response.status === 403 || response.status === 401) throw new EngineFailure('denied')
  if (!response.ok) throw new EngineFailure('garbage')
  try {
    return { value: JSON.parse(text), server: response.headers.get('server') ?? '' }
  } catch {
    throw new EngineFailure('garbage')
  }
}

/** Has an engine do something, without a body; the HTTP status of its answer. Throws `EngineFailure`. */
export async function post(socket: string, path: string, signal: AbortSignal): Promise<number> {
  const response = await send(socket, 'POST', path, signal)
  await readAtMost(response, signal)
  if (response.status === 403 || response.status === 401) throw new EngineFailure('denied')
  return response.status
}

async function send(socket: string, method: 'GET' | 'POST', path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(`http://engine${path}`, { unix: socket, signal, method, redirect: 'manual' })
  } catch (error) {
    throw failureOf(error, signal)
  }
}

async function readAtMost(response: Response, signal: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of response.body ?? []) {
      length += part.length
      if (length > mostBytes) break
      parts.push(part)
    }
  } catch (error) {
    throw failureOf(error, signal)
  }
  if (length > mostBytes) throw new EngineFailure('garbage')
  return Buffer.concat(parts).toString('utf8')
}

function failureOf(error: unknown, signal: AbortSignal): EngineFailure {
  if (signal.aborted) return new EngineFailure('timeout')
  const code = errorCode(error)
  if (code === 'EACCES' || code === 'EPERM') return new EngineFailure('denied')
  return new EngineFailure(
    code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'FailedToOpenSocket' ? 'down' : 'garbage',
  )
}
