import { interleave } from './measure.ts'
import { emptyProgram, ports, ss, temporaryFolder } from './ports.ts'
import { beside, compared, heading } from './print.ts'

/** How long the program takes to start and to say one word. */
export async function measureStartUp(): Promise<void> {
  heading('start-up, idle machine')
  const empty = await emptyProgram()
  const times = await interleave({ version: ports(temporaryFolder(), '--version'), ss, empty }, 100)
  beside('ports --version', times.version, 'ss -tlnp', times.ss, 2)
  compared('ports --version', times.version, 'empty program', times.empty)
}
