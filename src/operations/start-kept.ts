import type { PortNumber, Protocol } from '../core/port.ts'
import { isProblem } from '../core/problem.ts'
import type { Ending } from '../core/process.ts'
import type { Recipe } from '../core/recipe.ts'
import type { Keeper } from './kept-service.ts'
import { bringUp } from './launch.ts'
import { promisePort } from './promise-port.ts'
import type { Beginning } from './ready.ts'
import type { World } from './world.ts'

/** What became of a start. */
export type KeptStart =
  | { readonly kind: 'ready' | 'running' | 'unwanted' }
  | { readonly kind: 'failed'; readonly ending: Ending; readonly why: string }

/** Starts the service where it is promised, unless it runs or is not wanted at that moment. What goes wrong is an answer: the next try may do better. */
export async function startKept(
  { world, call }: Keeper,
  service: string,
  recipe: Recipe,
  begun: (beginning: Beginning) => void,
): Promise<KeptStart> {
  // Whoever ends us ends nothing of what we began: the next one adopts it.
  const patient = { ...call, signal: new AbortController().signal, progress: () => {} }
  let beginning: Beginning | null = null
  const remember = (one: Beginning): void => {
    beginning = one
    begun(one)
  }
  try {
    const { port, protocol } = await placeOf(world, service, recipe)
    const launch = { recipe: { ...recipe, service }, port, protocol, whileWanted: true, begun: remember }
    const { outcome } = await bringUp(world, launch, patient)
    return { kind: outcome === 'started' ? 'ready' : 'running' }
  } catch (error) {
    if (isProblem(error, 'not-wanted')) return { kind: 'unwanted' }
    if (!isProblem(error)) throw error
    return { kind: 'failed', ending: await endingOf(world, service, beginning), why: firstLine(error.message) }
  }
}

/** Where the registry says; where it cannot be asked, where it ran last. */
async function placeOf(
  world: World,
  service: string,
  { port }: Recipe,
): Promise<{ port: PortNumber; protocol: Protocol }> {
  const [last] = await world.journal.runs({ service })
  const protocol = last?.protocol ?? 'tcp'
  try {
    return { port: (await promisePort(world, { name: service, otherwise: port, protocol })).port, protocol }
  } catch (error) {
    if (last && isProblem(error) && error.kind === 'outside') return { port: last.port, protocol }
    throw error
  }
}

/** How the failed start ended: what never had a process ended in no way. */
async function endingOf(world: World, service: string, beginning: Beginning | null): Promise<Ending> {
  const unseen = { code: null, signal: null }
  if (!beginning) return unseen
  const [last] = await world.journal.runs({ service })
  return last?.id === beginning.run.id ? (last.ending ?? unseen) : unseen
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}
