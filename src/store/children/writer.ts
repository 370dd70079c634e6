import { isProblem } from '../../core/problem.ts'
import { allocate, putService, release } from '../contract/changes.ts'
import { openSqliteStore } from '../sqlite.ts'
import { say } from './gate.ts'

/** What the writer says: every promise once it is acknowledged, and every release before it is asked for and once it is acknowledged. */
export type Said =
  | { readonly put: string; readonly port: number }
  | { readonly releasing: string }
  | { readonly released: string }

if (import.meta.main) await write(process.argv[2] ?? '', process.argv[3] ?? '')

/** Takes and releases ports until it is killed. */
async function write(path: string, name: string): Promise<void> {
  const store = openSqliteStore({ path, host: 'box' })
  const held: { id: string; fence: number }[] = []
  for (let turn = 0; ; turn++) {
    const id = `${name} ${turn}`
    const first = 20_000 + 16 * Math.floor(Math.random() * 200)
    const candidates = Array.from({ length: 16 }, (_, index) => first + index)
    try {
      const { allocations } = await store.commit({
        id,
        at: '',
        changes: [putService(id), allocate(id, candidates, { id })],
      })
      for (const { port, fence } of allocations) {
        say({ put: id, port })
        held.push({ id, fence })
      }
    } catch (error) {
      if (!isProblem(error, 'range-full')) throw error
    }
    const oldest = held.length > 3 ? held.shift() : undefined
    if (!oldest) continue
    say({ releasing: oldest.id })
    await store.commit({ id: `${id} release`, at: '', changes: [release(oldest.id, oldest.fence)] })
    say({ released: oldest.id })
  }
}
