import { EngineFailure, post } from './talk.ts'

const words = {
  denied: 'its engine may not be asked by you: try again with sudo',
  timeout: 'its engine is still at it',
  garbage: 'its engine refused',
  down: 'its engine does not answer',
} as const

/** What the engine may take beyond the time that the container is given, in milliseconds; and where only it knows that time. */
const beyond = 10_000
const unknown = 120_000

/**
 * Has the container's engine stop it: asked by its own stop signal, forced after so many seconds, or its own time where none is said. Null when it is stopped, also where it was already; else why not.
 * A container that was stopped by its engine is not restarted by it.
 */
export async function stopContainer(
  sockets: readonly string[],
  id: string,
  seconds: number | null,
  abort: AbortSignal,
): Promise<string | null> {
  let why: string = 'no engine here knows it'
  for (const socket of sockets) {
    const signal = AbortSignal.any([abort, AbortSignal.timeout(seconds === null ? unknown : seconds * 1000 + beyond)])
    try {
      const status = await post(
        socket,
        `/containers/${id}/stop${seconds === null ? '' : `?t=${Math.ceil(seconds)}`}`,
        signal,
      )
      if (status === 204 || status === 304) return null
      if (status !== 404) why = `its engine answered ${status}`
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error
      why = words[error.why]
    }
  }
  return why
}
