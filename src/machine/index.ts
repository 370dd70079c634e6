import { Problem } from '../core/problem.ts'
import type { Machine } from '../operations/world.ts'
import { linuxMachine } from './linux.ts'

/**
 * The computer that we run on, by the name that `process.platform` gives its system; nothing of the others is loaded. Throws `unsupported` for one we cannot
 * look into. The environment tells where container engines are.
 */
export async function openMachine(
  platform: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Machine> {
  if (platform === 'linux') return linuxMachine(environment)
  if (platform === 'darwin') return (await import('./darwin.ts')).darwinMachine(environment)
  if (platform === 'win32') return (await import('./windows.ts')).windowsMachine()
  throw new Problem('unsupported', { what: 'looking at listeners and processes', system: platform })
}
