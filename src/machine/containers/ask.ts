import type { Container, EngineAnswers } from '../../core/container.ts'
import type { Witness } from '../../operations/world.ts'
import { EngineFailure, get } from './talk.ts'
import { lookInside } from './inside.ts'
import { readContainers, readPid } from './read.ts'

type Query = Parameters<Witness['containers']>[0]

/** For everything that one engine is asked: whoever waits for a board does not wait longer for somebody else's trouble. */
const limitMilliseconds = 500
/** Without privilege a look into a container reads all of its connections as text: so many are looked into. */
const mostByText = 8

/** The containers of all engines behind these sockets that the query means, at the same time. */
export async function askEngines(query: Query, sockets: readonly string[]): Promise<EngineAnswers> {
  const answers = await Promise.all(sockets.map((socket) => askEngine(socket, query)))
  const containers = new Map(answers.flatMap(({ containers: some }) => some.map((one) => [one.id, one])))
  return { containers: [...containers.values()], unanswered: answers.flatMap(({ unanswered }) => unanswered) }
}

async function askEngine(socket: string, query: Query): Promise<EngineAnswers> {
  const signal = AbortSignal.timeout(limitMilliseconds)
  try {
    const { value, server } = await get(socket, '/containers/json', signal)
    const containers = readContainers(value, /libpod/i.test(server) ? 'podman' : 'docker')
    if (!containers) throw new EngineFailure('garbage')
    const meant = containers.filter((one) => isMeant(one, query))
    const pids = await Promise.all(meant.map((container) => pidOf(socket, container, signal)))
    return {
      containers: meant.map((container, index) => lookInside(container, pids[index] ?? null, index < mostByText)),
      unanswered: [],
    }
  } catch (error) {
    if (error instanceof EngineFailure) return { containers: [], unanswered: [{ socket, why: error.why }] }
    throw error
  }
}

function isMeant({ id, published }: Container, { ports, ids }: Query): boolean {
  return ids.has(id) || published.some(({ port }) => ports.has(port))
}

/** Null where the engine does not tell: the container may be gone since the list was made. */
async function pidOf(socket: string, { id }: Container, signal: AbortSignal): Promise<number | null> {
  try {
    return readPid((await get(socket, `/containers/${id}/json`, signal)).value)
  } catch (error) {
    if (error instanceof EngineFailure) return null
    throw error
  }
}
