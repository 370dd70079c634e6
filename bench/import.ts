import { interleave, runCommand } from './measure.ts'
import { binary, document, emptyProgram, temporaryFolder } from './ports.ts'
import { below, compared, heading } from './print.ts'

/** How long the user's document takes into a registry that was not there before. */
export async function measureImport(): Promise<void> {
  heading('import of the 40-service document into a fresh home')
  const importing = {
    name: 'import',
    run: () => runCommand([binary, 'import', document], { IZA_PORTS_HOME: temporaryFolder() }),
  }
  const times = await interleave({ importing, empty: await emptyProgram() }, 30)
  below('ports import, end to end', times.importing.median, 'ms', 100)
  compared('ports import', times.importing, 'empty program', times.empty)
}
