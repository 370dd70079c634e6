import { underLoad } from './load.ts'
import { command, interleave } from './measure.ts'
import { emptyProgram, homeWithDocument, ports, ss } from './ports.ts'
import { beside, compared, heading, line } from './print.ts'

/** How long the board of 40 services takes, on an idle machine and on a busy one. */
export async function measureStatus(): Promise<void> {
  const status = ports(homeWithDocument(), 'status')
  heading('status, 40 services, idle machine')
  const idle = await interleave({ status, ss, empty: await emptyProgram() }, 100)
  beside('ports status', idle.status, 'ss -tlnp', idle.ss, 2.5)
  compared('ports status', idle.status, 'empty program', idle.empty)
  // The same with so many services up, each with the descriptors of a Node server: where the walk is longer, the start counts for less.
  await underLoad(
    async ({ said }) => {
      heading(`status, 40 services, idle machine with ${said}`)
      const up = await interleave({ status, ss }, 100)
      beside('ports status', up.status, 'ss -tlnp', up.ss, 2.5)
    },
    { processes: 40, descriptors: 20, listeners: 40 },
  )
  await underLoad(async ({ said }) => {
    heading(`status, 40 services, ${said}`)
    if (!Bun.which('lsof')) {
      line('lsof', 'is not installed')
      return
    }
    const busy = await interleave({ status, ss, lsof: command('lsof', ['lsof', '-nP', '-iTCP', '-sTCP:LISTEN']) }, 15)
    beside('ports status', busy.status, 'ss -tlnp', busy.ss, 0.9)
    beside('ports status', busy.status, 'lsof -nP -iTCP -sTCP:LISTEN', busy.lsof, 0.4)
  })
}
