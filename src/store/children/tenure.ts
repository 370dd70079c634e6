import { anyAddress } from '../../core/address.ts'
import type { Tenure } from '../../core/history/tenure.ts'
import type { Watch } from '../../core/history/watch.ts'
import { port } from '../../core/port.ts'

/** A tenure that was seen to begin and is not over. */
export function tenure(key: string, from = 1000, fields: Partial<Tenure> = {}): Tenure {
  const place = { protocol: 'tcp', address: anyAddress, port: port(3000), user: 'me' } as const
  const holder = { pid: 4242, start: 77, name: 'node', command: "node 'it''s' 🚀", cwd: '/shop', startedAt: null }
  return { ...place, key, holder, boot: 'b00t', from, exact: true, until: null, ending: null, ...fields }
}

export function watch(id = 'w', until = 2000): Watch {
  return { id, boot: 'b00t', from: 0, until, offset: 1_700_000_000_000 }
}
