import { openMachine } from '../src/machine/index.ts'
import { underLoad } from './load.ts'
import { command, interleave } from './measure.ts'
import { below, compared, heading } from './print.ts'

/** How long the list of listeners alone takes within a process, without their holders. */
export async function measureListeners(): Promise<void> {
  const machine = await openMachine(process.platform)
  const list = { name: 'list', run: async () => await machine.listeners({ holders: 'none' }) }
  await underLoad(async ({ said }) => {
    heading(`list of TCP and UDP listeners, in process, ${said}`)
    // Twenty rounds let the compiler at run time do what it does for a daemon that looks ten times a second.
    await interleave({ list }, 20)
    const { list: times } = await interleave({ list }, 200)
    below('listeners without holders, median of 200', times.median, 'ms', 0.5)
    const { ss } = await interleave({ ss: command('ss', ['ss', '-Htln']) }, 20)
    compared('listeners without holders', times, 'ss -Htln', ss)
  })
}
