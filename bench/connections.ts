import { join } from 'node:path'

/** So many in each process that no limit of descriptors is in the way: a connection over loopback has two ends, and both are its own. */
const each = 2500

/** Established connections over loopback, in processes of their own, for as long as the work takes. */
export async function besideConnections(count: number, work: () => Promise<void>): Promise<void> {
  const children: Bun.Subprocess<'pipe', 'pipe', 'inherit'>[] = []
  try {
    for (let left = count; left > 0; left -= each) {
      const words = [process.execPath, join(import.meta.dir, 'servers/connections.ts'), String(Math.min(left, each))]
      children.push(Bun.spawn(words, { stdio: ['pipe', 'pipe', 'inherit'] }))
    }
    for (const child of children) await child.stdout.getReader().read()
    await work()
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(children.map(({ exited }) => exited))
  }
}
