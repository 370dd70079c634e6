import { comment, isOwnDomain, leftOut, titleOf, webEntries } from './entries.ts'
import type { ExportSource } from './entries.ts'

/**
 * A server for each service, `LABEL.DOMAIN`, that hands on to its port; upgraded connections (WebSocket) too. For the machine's own domain it listens on
 * loopback alone, so that a service which only this machine may reach is not opened to others.
 */
export function writeNginx(source: ExportSource): string {
  const listen = isOwnDomain(source.domain) ? '127.0.0.1:80' : '80'
  const servers = webEntries(source).flatMap(({ entry, target, why }) => {
    if (target === null) return [leftOut(entry, why), '']
    return [
      comment(titleOf(entry)),
      'server {',
      `    listen ${listen};`,
      `    server_name ${entry.label}.${source.domain};`,
      '    location / {',
      `        proxy_pass http://${target};`,
      '        proxy_http_version 1.1;',
      '        proxy_set_header Host $host;',
      '        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
      '        proxy_set_header X-Forwarded-Proto $scheme;',
      '        proxy_set_header Upgrade $http_upgrade;',
      '        proxy_set_header Connection $http_connection;',
      '    }',
      '}',
      '',
    ]
  })
  return [
    comment(`Services of ${source.host} behind nginx, from the IZA Ports registry. It belongs into the http block.`),
    comment('A long domain may need: server_names_hash_bucket_size 128;'),
    '',
    ...servers,
  ].join('\n')
}
