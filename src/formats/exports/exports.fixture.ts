import { parseAddress } from '../../core/address.ts'
import { nameKey } from '../../core/name.ts'
import { port } from '../../core/port.ts'
import type { Protocol } from '../../core/port.ts'
import type { Registry } from '../../core/registry.ts'
import { answersHttp } from '../../catalog/web.ts'
import type { ExportSource } from './entries.ts'

export interface Row {
  readonly name: string
  readonly port: number
  readonly protocol?: Protocol
  readonly address?: string
  readonly description?: string
  readonly range?: string
}

/** A registry of these services, names as they are given: a store of somebody else may hold what `parseName` would refuse. */
export function sourceOf(rows: readonly Row[], domain = 'localhost'): ExportSource {
  const names = [...new Map(rows.map(({ name }) => [nameKey(name), name])).values()]
  const registry: Registry = {
    revision: 1,
    ranges: [],
    resolutions: [],
    rulings: [],
    services: names.map((name) => {
      const { description = '', range = null } = rows.find((row) => row.name === name) ?? {}
      return { host: 'box', name, description, range, resolved: false, declared: 'reserved' }
    }),
    allocations: rows.map((row, index) => ({
      id: `${index}`,
      fence: 1,
      kind: 'reservation',
      host: 'box',
      service: row.name,
      protocol: row.protocol ?? 'tcp',
      address: parseAddress(row.address ?? '*'),
      port: port(row.port),
      owner: null,
      expires: null,
      since: '2026-01-01T00:00:00.000Z',
    })),
  }
  return { registry, host: 'box', domain, answersHttp, kept: [] }
}

/** Names by which people would try to get into somebody's configuration, and names that only look odd. */
const names = [
  'x; } server { listen 8888; location / { return 200 "owned"; } }',
  'a\n}\nserver { listen 8889; }\n#',
  'b\r\nlocation /etc { root /; }',
  'c\u2028proxy_pass http://evil;',
  '"; include /etc/passwd; "',
  "'; DROP TABLE; '",
  '$(touch /tmp/owned)',
  '`touch /tmp/owned`',
  '${PATH} $host {$HOME} {env.HOME}',
  '{{HOMEPAGE_VAR_SECRET}}',
  '# nothing',
  '*/ /* //',
  'a\\',
  'back\\" slash\\n',
  '!override &a *a [b] {c: d} - e: f',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '日本語',
  'Übergrößenträger',
  '\ud800 alone',
  '-',
  '3000',
  'null',
  'true',
  'on',
  '__proto__',
  'constructor',
  'A B',
  'a-b',
  'A_B',
  'a'.repeat(200),
  '\u001b[31mred',
]

/** Every nasty name as service, description and range, at addresses of each kind. */
export const nasty: readonly Row[] = names.flatMap((name, index): Row[] => {
  const address =
    ['*', '0.0.0.0', '127.0.0.1', '::1', '::', '192.0.2.1', 'fe80::1%eth0', '2001:db8::1'][index % 8] ?? '*'
  const more = { name, description: names.at(-index) ?? '', range: name }
  return [
    { ...more, port: 3000 + index, address },
    { ...more, port: 4000 + index, protocol: 'udp' },
    { ...more, port: 5000 + 2 * index },
  ]
})
