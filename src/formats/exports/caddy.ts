import { comment, isOwnDomain, leftOut, titleOf, webEntries } from './entries.ts'
import type { ExportSource } from './entries.ts'

/**
 * A site for each service, `LABEL.DOMAIN`. For the machine's own domain it is plain HTTP on loopback: Caddy would make a certificate authority of its
 * own for it, and ask for the right to install that.
 */
export function writeCaddy(source: ExportSource): string {
  const own = isOwnDomain(source.domain)
  const sites = webEntries(source).flatMap(({ entry, target, why }) => {
    if (target === null) return [leftOut(entry, why), '']
    return [
      comment(titleOf(entry)),
      `${own ? 'http://' : ''}${entry.label}.${source.domain} {`,
      ...(own ? ['\tbind 127.0.0.1'] : []),
      `\treverse_proxy ${target}`,
      '}',
      '',
    ]
  })
  const title = `Services of ${source.host} behind Caddy, from the IZA Ports registry. Take it in with: import FILE`
  return [comment(title), '', ...sites].join('\n')
}
