import type { Container } from './container.ts'
import type { PortNumber } from './port.ts'
import type { Verdict } from './verdict.ts'

/** What a person may want to do about a port next: for what, and the command that does it. */
export interface NextStep {
  readonly what: string
  readonly command: string
}

/** What stands at a port, as far as it decides what can be done. */
export interface Situation {
  readonly port: PortNumber
  readonly protocols: readonly string[]
  readonly verdicts: readonly { readonly service: string; readonly verdict: Verdict }[]
  readonly containers: readonly Container[]
  readonly units: readonly { readonly unit: string; readonly ofUser: boolean }[]
  /** There are holders that are processes and nothing more. */
  readonly plain: boolean
  /** There are listeners without a visible holder. */
  readonly hidden: boolean
  /** We are root: nobody sees more. */
  readonly root: boolean
}

/**
 * The right tool ends what it started: the engine its container, systemd its service. A proxy or a service that is simply killed comes back, or leaves its owner
 * believing in it.
 */
export function nextSteps(at: Situation): NextStep[] {
  const steps: NextStep[] = []
  for (const { engine, name } of at.containers) {
    steps.push({ what: 'end the container', command: `${engine} stop ${word(name)}` })
    steps.push({ what: 'read its log', command: `${engine} logs --tail 50 ${word(name)}` })
  }
  for (const { unit, ofUser } of at.units)
    steps.push({ what: 'end the systemd service', command: `systemctl ${ofUser ? '--user ' : ''}stop ${word(unit)}` })
  for (const { service, verdict } of at.verdicts) {
    if (verdict === 'active' && !at.containers.length && !at.units.length)
      steps.push({ what: 'end the service', command: `ports stop ${word(service)}` })
    if (verdict === 'taken') steps.push({ what: `move ${service}`, command: `ports move ${word(service)} PORT` })
    if (verdict === 'reserved') steps.push({ what: 'start it', command: `ports start ${word(service)}` })
    if (verdict === 'silent' && !at.containers.length)
      steps.push({ what: 'read its log', command: `ports logs ${word(service)}` })
    if (verdict === 'unverified') steps.push({ what: 'ask it who it is', command: `ports who ${at.port} --handshake` })
  }
  if (at.plain)
    for (const one of at.protocols) steps.push({ what: 'free the port', command: killCommand(at.port, one) })
  if (at.hidden && !at.root) steps.push({ what: 'see the holder', command: `sudo ports who ${at.port}` })
  if (!at.verdicts.length && !at.protocols.length && !at.containers.length)
    steps.push({ what: 'promise it to a service', command: `ports reserve "Service Name" ${at.port}` })
  return steps
}

function killCommand(port: PortNumber, protocol: string): string {
  return `ports kill ${port}${protocol === 'udp' ? ' --protocol udp' : ''}`
}

/** As a shell takes it for one word. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
