import { isPortNumber } from '../../core/port.ts'
import type { Mention } from '../../core/mention.ts'

/** A text that its own format cannot read; the offset is where that shows. */
export class UnreadableText extends Error {
  readonly offset: number

  constructor(offset: number, why: string) {
    super(why)
    this.offset = offset
  }
}

type Rest = Partial<Pick<Mention, 'protocol' | 'side' | 'names' | 'publish'>>

/** The mention whose digits begin at `start`, as a list; empty where they are no port as people write one. */
export function mentionAt(start: number, digits: string, rest: Rest): Mention[] {
  const port = /^[1-9]\d{0,4}$/.test(digits) ? Number(digits) : Number.NaN
  if (!isPortNumber(port)) return []
  const { protocol = 'tcp', side = 'listens', names = [], publish = null } = rest
  return [{ start, end: start + digits.length, port, protocol, side, names, publish }]
}

/** Whether the variable holds one port: `PORT`, `GRAFANA_PORT`, `PORT_GRAFANA`; `PORT_RANGE` and `PORTS` do not. */
export function holdsPort(variable: string): boolean {
  return /(?:^|_)PORT$|^PORT_(?!RANGE|COUNT|OFFSET|BASE|MIN|MAX|START|END|STEP)/i.test(variable)
}
