import { isProblem } from '../../core/problem.ts'
import { operations } from '../../operations/index.ts'
import type { Kill } from '../../operations/kill/kill.ts'
import type { Call } from '../../operations/operation.ts'
import type { World } from '../../operations/world.ts'
import { show } from '../show/index.ts'
import { openInBrowser } from './browser.ts'
import type { Action, Model, Row } from './model.ts'

/** What the live board does when a person asks for it, through the same operations as every other face; gives what the screen shows then. */
export async function act(world: World, action: Action, call: Call): Promise<Partial<Model>> {
  try {
    return await doIt(world, action, call)
  } catch (error) {
    if (!isProblem(error)) throw error
    return page(`${error.message}\n${error.hint}`)
  }
}

async function doIt(world: World, action: Action, call: Call): Promise<Partial<Model>> {
  switch (action.kind) {
    case 'plan-kill':
      return await planKill(world, action.row, call)
    case 'kill':
      return page((await answer(world, 'kill', { ...killInput(action.row), plan: action.plan }, call)).text)
    case 'start':
      return page((await answer(world, 'start', { name: action.service }, call)).text)
    case 'stop':
      return page((await answer(world, 'stop', { name: action.service }, call)).text)
    case 'logs':
      return page((await answer(world, 'logs', { names: [action.service], lines: 1000 }, call)).text)
    case 'open':
      return { message: await openInBrowser(action.row) }
    case 'quit':
      return {}
  }
}

/** The plan as the dry run tells it; asked about only where it can be done, and what is done then is this plan or nothing. */
async function planKill(world: World, row: Row, call: Call): Promise<Partial<Model>> {
  const { output } = await answer(world, 'kill', { ...killInput(row), dryRun: true }, call)
  const { plan, ports } = output as Kill
  // How to type it is of no use to who only has to agree.
  const text = show('kill', { ...(output as Kill), plan: null }, plainScreen)
  if (plan === null || !ports.some(({ outcome }) => outcome === 'would-free')) return page(text)
  return { mode: { kind: 'ask', lines: linesOf(text), action: { kind: 'kill', row, plan } }, message: '' }
}

function killInput({ port, protocol }: Row): Record<string, unknown> {
  return { ports: [port], protocol }
}

const plainScreen = { terminal: false, colour: false, columns: Infinity }

/** The operation's answer, and in words without colours. */
async function answer(
  world: World,
  name: string,
  input: Record<string, unknown>,
  call: Call,
): Promise<{ output: unknown; text: string }> {
  const operation = await operations[name]?.()
  if (!operation) throw new Error(`no operation is called ${name}`)
  const output: unknown = await operation.run(world, operation.input.parse(input), call)
  return { output, text: show(name, output, plainScreen) }
}

function page(text: string): Partial<Model> {
  return { mode: { kind: 'page', lines: linesOf(text) }, message: '' }
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}
