import type { Handshake } from './handshakes.ts'
import { asText, bytesOf } from './wire-text.ts'

/** A `GET` is safe by definition (RFC 9110, 9.2.1); `HEAD` would be refused by many and has no title. */
export const httpHandshake: Handshake = {
  name: 'HTTP GET /',
  ports: [80, 443, 8080, 8443],
  words: [],
  says: bytesOf(
    'GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: iza-ports\r\nAccept: text/html, */*\r\nConnection: close\r\n\r\n',
  ),
  understand(bytes) {
    const text = asText(bytes)
    const status = /^HTTP\/1\.[01] (\d{3})[^\r\n]*\r?\n/.exec(text)?.[1]
    const headers = text.split(/\r?\n\r?\n/, 1)[0] ?? ''
    if (status === undefined || headers.length === text.length) return null
    const header = (name: string): string | null =>
      new RegExp(`^${name}: *([^\\r\\n]{1,200})`, 'im').exec(headers)?.[1]?.trim() ?? null
    const told = [
      `HTTP ${status}`,
      header('server'),
      header('x-powered-by'),
      header('location') && `to ${header('location')}`,
      titleIn(bytes) && `“${titleIn(bytes)}”`,
    ]
    return { program: programOf(header('server')), says: told.filter(Boolean).join(', ') }
  },
}

/** The page's title, on one line. */
function titleIn(bytes: Uint8Array): string | null {
  const title = /<title[^>]*>([^<]{1,300})/i.exec(new TextDecoder().decode(bytes))?.[1]
  return title?.replace(/\s+/g, ' ').trim() || null
}

/** Servers that name themselves and are a service of their own, as the catalog of programs calls them. */
function programOf(server: string | null): string | null {
  return /^(nginx|caddy|traefik|haproxy|minio|etcd)\b/i.exec(server ?? '')?.[1]?.toLowerCase() ?? null
}
