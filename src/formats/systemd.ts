import type { Unit } from '../core/stop/unit.ts'

/** The answer to `systemctl show --property=LoadState,Restart,TriggeredBy`; null for a unit that systemd does not know. */
export function readUnit(text: string, name: string, ofUser: boolean): Unit | null {
  const values = new Map([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]))
  if (values.get('LoadState') === 'not-found') return null
  return {
    name,
    ofUser,
    restart: values.get('Restart') || 'no',
    triggers: (values.get('TriggeredBy') ?? '').split(' ').filter(Boolean),
  }
}

/** A socket that systemd listens on for a service. */
export interface ActivationSocket {
  readonly port: number
  readonly unit: string
  readonly activates: readonly string[]
}

/**
 * The answer to `systemctl list-sockets --all --full --no-legend --plain`: rows such as `[::]:22 ssh.socket ssh.service`, `127.0.0.1:631 cups.socket cups.service` and paths, which
 * are left out. Several services stand with commas between.
 */
export function readSockets(text: string): ActivationSocket[] {
  return [...text.matchAll(/^\S*:(\d+)\s+(\S+\.socket)\s+(\S.*)?$/gm)].map(([, port, unit = '', activates = '']) => ({
    port: Number(port),
    unit,
    activates: activates.split(/[, ]+/).filter((name) => name.endsWith('.service')),
  }))
}
