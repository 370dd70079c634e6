import { underLoad } from './load.ts'
import { interleave } from './measure.ts'
import { homeWithDocument, ports, ss } from './ports.ts'
import { below, beside, heading } from './print.ts'

/** How long it takes to name the holder of one port that was started last. */
export async function measureWho(): Promise<void> {
  const home = homeWithDocument()
  await underLoad(async ({ said, youngPort }) => {
    heading(`who, ${said}`)
    const times = await interleave({ who: ports(home, 'who', String(youngPort)), ss }, 20)
    beside('ports who PORT of a young process', times.who, 'ss -tlnp', times.ss, 0.5)
    below('ports who PORT', times.who.median, 'ms', 40)
  })
}
