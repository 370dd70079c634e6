import { untilZero, asText, bytesOf, hasText } from './wire-text.ts'
import { httpHandshake } from './http-handshake.ts'
import { hello, isHelloAnswer } from './mongodb-hello.ts'

/** How a kind of server is asked who it is. What is said changes nothing there: a question that every client asks before it does anything. */
export interface Handshake {
  /** The protocol, as people call it. */
  readonly name: string
  /** Where it is asked first. */
  readonly ports: readonly number[]
  /** Words of service names for which it is asked first. */
  readonly words: readonly string[]
  /** Said first; null where the server is the one who begins. */
  readonly says: Uint8Array | null
  /** The program and what it said of itself; null for bytes that no such server sends, or not all of them yet. */
  readonly understand: (bytes: Uint8Array) => Understood | null
}

export interface Understood {
  /** As the catalog of programs calls it, null where the protocol is spoken by many. */
  readonly program: string | null
  readonly says: string
}

/** In the order in which a server that nobody knows is asked: those that begin themselves, then what others take for noise, HTTP last. */
export const handshakes: readonly Handshake[] = [
  {
    // Protocol::HandshakeV10 of the MySQL client/server protocol: length, sequence 0, version 10, the server's version.
    name: 'MySQL greeting',
    ports: [3306],
    words: ['mysql', 'mariadb'],
    says: null,
    understand(bytes) {
      if (bytes[3] !== 0 || bytes[4] !== 10) return null
      const version = untilZero(bytes, 5)
      if (version === null || !/^\d+\.\d/.test(version)) return null
      return { program: /mariadb/i.test(version) ? 'mariadb' : 'mysql', says: version }
    },
  },
  {
    // RFC 4253, 4.2; RFC 5321, 3.1; RFC 959; NATS client protocol.
    name: 'greeting',
    ports: [22, 21, 25, 110, 143, 587, 4222],
    words: ['ssh', 'smtp', 'nats'],
    says: null,
    understand(bytes) {
      const line = /^([^\r\n]{1,255})\r?\n/.exec(asText(bytes))?.[1]
      if (line === undefined) return null
      if (/^SSH-\d/.test(line)) return { program: 'ssh', says: line }
      if (/^INFO \{.*"server_id"/.test(line)) return { program: 'nats', says: 'NATS' }
      return /^(220[ -]|\+OK|\* OK)/.test(line) ? { program: null, says: line } : null
    },
  },
  {
    // PostgreSQL, frontend/backend protocol: SSLRequest is answered by one byte, before any user or database is named.
    name: 'PostgreSQL SSLRequest',
    ports: [5432, 6432],
    words: ['postgresql', 'postgres', 'pgbouncer'],
    says: Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f),
    understand(bytes) {
      if (bytes.length !== 1 || (bytes[0] !== 0x53 && bytes[0] !== 0x4e)) return null
      return { program: 'postgresql', says: bytes[0] === 0x53 ? 'offers TLS' : 'offers no TLS' }
    },
  },
  {
    // RESP: answered also where a password is needed.
    name: 'Redis PING',
    ports: [6379],
    words: ['redis', 'valkey', 'keydb'],
    says: bytesOf('PING\r\n'),
    understand(bytes) {
      const line = /^([+-][^\r\n]*)\r\n/.exec(asText(bytes))?.[1]
      if (line === '+PONG') return { program: 'redis', says: 'PONG' }
      return line !== undefined && /^-(NOAUTH|DENIED|LOADING|MASTERDOWN)\b/.test(line)
        ? { program: 'redis', says: line.slice(1) }
        : null
    },
  },
  {
    // memcached's text protocol, doc/protocol.txt.
    name: 'memcached version',
    ports: [11211],
    words: ['memcached'],
    says: bytesOf('version\r\n'),
    understand(bytes) {
      const version = /^VERSION ([^\r\n]+)\r\n/.exec(asText(bytes))?.[1]
      return version === undefined ? null : { program: 'memcached', says: version }
    },
  },
  {
    name: 'MongoDB hello',
    ports: [27017],
    words: ['mongodb', 'mongo'],
    says: hello,
    understand: (bytes) => (isHelloAnswer(bytes) ? { program: 'mongodb', says: 'hello' } : null),
  },
  {
    // AMQP 0-9-1, 4.2.2: the protocol header is answered by Connection.Start, or by the header that the server wants.
    name: 'AMQP header',
    ports: [5672],
    words: ['rabbitmq', 'amqp'],
    says: Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1),
    understand(bytes) {
      const start = bytes[0] === 1 && bytes[7] === 0 && bytes[8] === 10 && bytes[10] === 10
      if (!start && !hasText(bytes.subarray(0, 4), 'AMQP')) return null
      return { program: hasText(bytes, 'RabbitMQ') ? 'rabbitmq' : null, says: 'AMQP' }
    },
  },
  httpHandshake,
]

/**
 * The handshakes in the order in which they are best tried on a port: what a service of that name or port is expected to speak comes first. On the ports of raw printing
 * nothing is ever said, since a printer prints whatever comes.
 */
export function handshakesFor(port: number, service: string | null): readonly Handshake[] {
  if (port >= 9100 && port <= 9107) return handshakes.filter(({ says }) => says === null)
  return [
    ...handshakes.filter((one) => isExpected(one, port, service)),
    ...handshakes.filter((one) => !isExpected(one, port, service)),
  ]
}

export function isExpected({ ports, words }: Handshake, port: number, service: string | null): boolean {
  const key = service?.toLowerCase() ?? ''
  return ports.includes(port) || words.some((word) => key.includes(word))
}

const own = new Set('postgresql postgres redis valkey keydb memcached mongodb mongo mysql mariadb'.split(' '))
/** Words beside a program's name that leave it that program. `PostgreSQL Exporter` and `Redis Insight` are others, and speak HTTP. */
const plain = new Set(
  'cache db database server main primary replica standby store queue session sessions local dev test'.split(' '),
)

/** Whether a service of that name surely speaks a protocol of its own, so that whoever speaks another one is not it. */
export function hasOwnHandshake(service: string): boolean {
  const words = service.toLowerCase().match(/[a-z]+/g) ?? []
  return words.some((word) => own.has(word)) && words.every((word) => own.has(word) || plain.has(word))
}
