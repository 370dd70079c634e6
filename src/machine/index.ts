import { Problem } from '../core/problem.ts'
import type { Machine } from '../operations/world.ts'
import { darwinMachine } from './darwin.ts'
import { linuxMachine } from './linux.ts'
import { windowsMachine } from './windows.ts'

/** The computer that we run on, by the name that `process.platform` gives its system. Throws `unsupported` for one we cannot look into. */
export function openMachine(platform: string): Machine {
  if (platform === 'linux') return linuxMachine()
  if (platform === 'darwin') return darwinMachine()
  if (platform === 'win32') return windowsMachine()
  throw new Problem('unsupported', { what: 'looking at listeners and processes', system: platform })
}
