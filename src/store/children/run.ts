import { port } from '../../core/port.ts'
import type { Run } from '../../core/run.ts'

/** A run that began and has not ended. */
export function runOf(id: string, fields: Partial<Run> = {}): Run {
  const where = { command: 'serve --port {port}', cwd: '/home/me/shop', log: `/logs/${id}.log` }
  const process = { boot: 'b00t', pid: 4242, start: 123_456 }
  return {
    id,
    service: 'Shop',
    protocol: 'tcp',
    port: port(3000),
    ...where,
    process,
    startedAt: 'now',
    endedAt: null,
    ending: null,
    ...fields,
  }
}
