import { closeSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './ports.ts'

/** How much is beside us. */
export interface Size {
  readonly processes: number
  /** Of each process. */
  readonly descriptors: number
  /** Of all of them. */
  readonly listeners: number
}

const busy: Size = { processes: 200, descriptors: 100, listeners: 300 }

export interface Load {
  /** A port that the youngest process of the load holds. */
  readonly youngPort: number
  /** What is really there. */
  readonly said: string
  end(): Promise<void>
}

/**
 * Processes with open descriptors, which share listeners on 127.0.0.1 among them. The processes are `sleep`, half a megabyte each: we open
 * what they are to hold, they inherit it, and we close it. They end by themselves after ten minutes should we be killed before.
 */
async function startLoad({ processes, descriptors, listeners }: Size): Promise<Load> {
  const file = openSync(join(temporaryFolder(), 'held'), 'w')
  const children: Bun.Subprocess[] = []
  let youngPort = 0
  for (let index = 0; index < processes; index++) {
    const share = Math.floor(((index + 1) * listeners) / processes) - Math.floor((index * listeners) / processes)
    const held = Array.from({ length: share }, () =>
      Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } }),
    )
    const sockets = held.map((listener) => Number(Reflect.get(listener, 'fd')))
    const files = Array.from({ length: descriptors - 3 - sockets.length }, () => file)
    children.push(Bun.spawn(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore', ...sockets, ...files] }))
    for (const listener of held) listener.stop(true)
    youngPort = held[0]?.port ?? youngPort
  }
  closeSync(file)
  return {
    youngPort,
    said: `${children.length} processes, ${children.reduce((sum, { pid }) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)} descriptors, ${listeners} listeners`,
    async end() {
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(children.map(({ exited }) => exited))
    },
  }
}

/** The work beside the load, which ends with it: 200 processes with 100 descriptors each and 300 listeners, where nothing else is asked for. */
export async function underLoad(work: (load: Load) => Promise<void>, size: Size = busy): Promise<void> {
  const load = await startLoad(size)
  try {
    await work(load)
  } finally {
    await load.end()
  }
}
