import { boardOf } from '../../operations/board.ts'
import type { Call } from '../../operations/operation.ts'
import { watching } from '../../operations/watch.ts'
import type { World } from '../../operations/world.ts'
import { eventLine } from '../show/history.ts'
import { screenOf, writeOut } from '../terminal.ts'
import { act } from './actions.ts'
import { Drawing } from './draw.ts'
import { keysOf } from './keys.ts'
import type { Key } from './keys.ts'
import { afterKey, afterLook, firstModel } from './model.ts'
import type { Action, Model } from './model.ts'
import { pageOf, render } from './render.ts'
import type { Size } from './render.ts'

/** The board that stays: drawn after every look and every key, on the terminal's other screen. The terminal is as it was before when this returns or throws. */
export async function watchLive(world: World, input: { every: number; for?: number }, call: Call): Promise<void> {
  const stop = new AbortController()
  const quit = (): void => stop.abort()
  if (call.signal.aborted) return
  call.signal.addEventListener('abort', quit)
  const live = new Live(world, call, quit)
  try {
    live.enter()
    const own = { signal: stop.signal, progress: live.say }
    for await (const { look, events } of watching(world, input, own)) {
      live.change((model) => afterLook(model, boardOf(world, look), events.map(eventLine)))
      live.failed()
    }
    live.failed()
  } finally {
    call.signal.removeEventListener('abort', quit)
    live.leave()
  }
}

class Live {
  readonly #world: World
  readonly #call: Call
  readonly #quit: () => void
  readonly #drawing = new Drawing({ ...screenOf(process.env) })
  #model: Model = firstModel
  #busy = false
  #error: { readonly error: unknown } | null = null

  constructor(world: World, call: Call, quit: () => void) {
    this.#world = world
    this.#quit = quit
    // What an operation is waiting for stands in the last line.
    this.#call = { ...call, progress: (line) => this.say(line) }
  }

  enter(): void {
    process.stdin.setRawMode(true)
    process.stdin.on('data', this.#typed)
    process.stdout.on('resize', this.#draw)
    writeOut(this.#drawing.enter)
    this.#draw()
  }

  leave(): void {
    process.stdin.off('data', this.#typed)
    process.stdout.off('resize', this.#draw)
    process.stdin.setRawMode(false)
    process.stdin.pause()
    writeOut(this.#drawing.leave)
  }

  readonly say = (line: string): void => this.change((model) => ({ ...model, message: line }))

  change(next: (model: Model) => Model): void {
    this.#model = next(this.#model)
    this.#draw()
  }

  /** Throws what went wrong where nobody could catch it: in answer to a key. */
  failed(): void {
    if (this.#error) throw this.#error.error
  }

  readonly #draw = (): void => {
    this.#catching(() => {
      const size = sizeNow()
      const frame = this.#drawing.frame(render(this.#model, size), size)
      if (frame) writeOut(frame)
    })
  }

  readonly #typed = (bytes: Uint8Array | string): void => {
    const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)
    this.#catching(() => {
      for (const key of keysOf(text)) this.#press(key)
    })
  }

  #press(key: Key): void {
    const { model, action } = afterKey(this.#model, key, pageOf(sizeNow()))
    if (action?.kind === 'quit') return this.#quit()
    // One thing at a time: what is typed while something is ended or started acts on nothing.
    if (action && this.#busy) return
    this.change(() => model)
    if (action) void this.#act(action)
  }

  async #act(action: Action): Promise<void> {
    this.#busy = true
    try {
      const after = await act(this.#world, action, this.#call)
      this.change((model) => ({ ...model, ...after }))
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#busy = false
    }
  }

  #catching(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#error ??= { error }
    this.#quit()
  }
}

function sizeNow(): Size {
  return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 }
}
