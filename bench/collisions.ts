import { join } from 'node:path'
import { environmentWith } from './measure.ts'
import { binary, temporaryFolder } from './ports.ts'
import { heading, line } from './print.ts'

const programs = 16
const all = programs * 20

/** How many of the ports that many programs pick at the same moment are taken when they bind them 50 ms later. */
export async function measureCollisions(): Promise<void> {
  heading(`${programs} programs pick 20 ports each at the same moment and bind them 50 ms later; EADDRINUSE of ${all}`)
  for (const library of ['ports', 'get-port', 'portfinder', 'detect-port', 'get-port-please']) {
    const { bound, inUse } = await together(library)
    const figure = `${inUse} (${((100 * inUse) / all).toFixed(0)} %), ${bound} bound`
    if (library === 'ports') line('ports claim', figure, `0, and ${all} bound`, inUse === 0 && bound === all)
    else line(library, figure)
  }
}

async function together(library: string): Promise<{ bound: number; inUse: number }> {
  const home = temporaryFolder()
  const children = Array.from({ length: programs }, (_, index) =>
    Bun.spawn(['node', join(import.meta.dir, 'peers/pick-and-bind.mjs'), library, binary, `owner ${index}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: environmentWith({ IZA_PORTS_HOME: home }),
    }),
  )
  const readers = children.map(({ stdout }) => stdout.getReader())
  // The first that each says is that it is ready.
  await Promise.all(readers.map((reader) => reader.read()))
  for (const { stdin } of children) await stdin.end()
  const said = await Promise.all(
    readers.map(async (reader) => JSON.parse(new TextDecoder().decode((await reader.read()).value))),
  )
  await Promise.all(children.map(({ exited }) => exited))
  const sum = (key: 'bound' | 'inUse'): number => said.reduce((total: number, one) => total + Number(one[key]), 0)
  return { bound: sum('bound'), inUse: sum('inUse') }
}
