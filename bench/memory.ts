import { join } from 'node:path'
import { underLoad } from './load.ts'
import { runCommand } from './measure.ts'
import { binary, homeWithDocument } from './ports.ts'
import { below, heading, line } from './print.ts'

/** The most memory that the board takes. */
export async function measureMemory(): Promise<void> {
  const home = homeWithDocument()
  heading('peak of resident memory (ru_maxrss)')
  measureOnce('ports status, 40 services, idle', home)
  await underLoad(async ({ said }) => measureOnce('ports status', home, said))
}

function measureOnce(what: string, home: string, said = ''): void {
  const answer = runCommand([process.execPath, join(import.meta.dir, 'peak.ts'), binary, 'status'], {
    IZA_PORTS_HOME: home,
  })
  const { peak, own } = JSON.parse(answer) as { peak: number; own: number }
  if (peak <= own) line(what, `below ${megabytes(own).toFixed(0)} MB, which is as low as can be seen`)
  below(said ? `${what}, load` : what, megabytes(peak), 'MB', 60)
}

function megabytes(bytes: number): number {
  return bytes / 1e6
}
