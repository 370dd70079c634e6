import { fileURLToPath } from 'node:url'
import type { StrangerSaid } from './stranger.ts'
import type { Said } from './writer.ts'

/** The programs and the values that they say, one a line. */
interface SaidBy {
  readonly racer: 'ready' | { readonly port: number }
  readonly writer: Said
  readonly stranger: StrangerSaid
  readonly stopper: 'ready' | 'stops'
  readonly migrator: 'ready' | { readonly later: number }
  readonly 'journal-writer': { readonly begun: string } | { readonly ended: string }
  readonly 'history-writer': { readonly begun: string } | { readonly ended: string }
}

const programs: Record<keyof SaidBy, URL> = {
  racer: new URL('./racer.ts', import.meta.url),
  writer: new URL('./writer.ts', import.meta.url),
  stranger: new URL('./stranger.ts', import.meta.url),
  stopper: new URL('./stopper.ts', import.meta.url),
  migrator: new URL('./migrator.ts', import.meta.url),
  'journal-writer': new URL('./journal-writer.ts', import.meta.url),
  'history-writer': new URL('./history-writer.ts', import.meta.url),
}

export interface Child<Value = unknown> {
  readonly pid: number
  /** What it said so far, one value a line. */
  readonly said: Value[]
  /** Lets it through its gate. */
  readonly go: () => void
  /** SIGKILL to exactly this process. */
  readonly kill: () => void
  /** Resolves once it has ended and everything it said was read; rejects with its error output where it failed by itself. */
  readonly ended: Promise<Value[]>
}

/** Starts a program of this folder under this Bun. */
export function startChild<Program extends keyof SaidBy>(program: Program, ...args: string[]): Child<SaidBy[Program]> {
  const path = fileURLToPath(programs[program])
  const child = Bun.spawn([process.execPath, path, ...args], { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' })
  const said: SaidBy[Program][] = []
  const ended = (async () => {
    const errors = new Response(child.stderr).text()
    let rest = ''
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) said.push(JSON.parse(line))
    }
    await child.exited
    if (child.exitCode !== 0 && child.signalCode !== 'SIGKILL') throw new Error(`${program} failed: ${await errors}`)
    return said
  })()
  return { pid: child.pid, said, go: () => void child.stdin.end(), kill: () => child.kill('SIGKILL'), ended }
}

/** Waits until the condition holds or the child has ended; throws after a minute, which is long even where a hundred programs share two cores. */
export async function until(condition: () => boolean, child: Child): Promise<void> {
  const state = { over: false }
  const end = (): void => void (state.over = true)
  child.ended.then(end, end)
  const deadline = performance.now() + 60_000
  while (!condition() && !state.over) {
    if (performance.now() > deadline) throw new Error('waited for a minute')
    await Bun.sleep(2)
  }
}

/** Lets all children through the gate at one moment and gives what each said after it. */
export async function startTogether<Value>(children: readonly Child<Value>[]): Promise<Value[][]> {
  for (const child of children) await until(() => child.said.length > 0, child)
  for (const child of children) child.go()
  const all = await Promise.all(children.map(({ ended }) => ended))
  return all.map((said) => said.slice(1))
}
