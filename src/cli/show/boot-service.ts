import { printable } from '../../core/text.ts'
import type { BootServiceInstalled, BootServiceRemoved, BootServiceStatus } from '../../operations/boot-service.ts'

/** A dry run is what would stand in the file, so that it can be put there by hand. */
export function showServiceInstall({ dryRun, path, text }: BootServiceInstalled): string {
  if (dryRun) return text.split('\n').map(printable).join('\n')
  return lines([
    `The supervisor runs, and is started whenever you are there: ${path}`,
    'To have it run while you are logged out as well: loginctl enable-linger',
  ])
}

export function showServiceStatus({ path, state, active, supervisor }: BootServiceStatus): string {
  const said = active === null ? 'no systemd of yours answers' : `systemd says ${active || 'nothing'}`
  return lines([
    {
      installed: `${path} is there; ${said}.`,
      outdated: `${path} is there and differs from what would be written now; ${said}. Write it anew: ports service install`,
      missing: `${path} is not there; ${said}.`,
    }[state],
    supervisor === null ? 'No supervisor runs.' : `The supervisor runs, pid ${supervisor}.`,
  ])
}

export function showServiceUninstall({ dryRun, path }: BootServiceRemoved): string {
  return lines([
    dryRun ? `${path} would be removed.` : `${path} is removed. The services go on, and nobody keeps them up.`,
  ])
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${printable(line)}\n`).join('')
}
