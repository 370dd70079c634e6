import { expect, test } from 'bun:test'
import * as fc from 'fast-check'
import { handshakes, handshakesFor, hasOwnHandshake } from './handshakes.ts'
import { bytesOf } from './wire-text.ts'

const understood = (bytes: Uint8Array | string) =>
  handshakes.flatMap(({ name, understand }) => {
    const answer = understand(typeof bytes === 'string' ? bytesOf(bytes) : bytes)
    return answer ? [`${name}: ${answer.program}, ${answer.says}`] : []
  })

/** What MySQL 8 and MariaDB 10.11 send first, up to the salt, by the protocol's documentation. */
const greeting = (version: string) =>
  Uint8Array.of(74, 0, 0, 0, 10, ...bytesOf(version), 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0)

test.each([
  [greeting('8.0.36'), 'MySQL greeting: mysql, 8.0.36'],
  [greeting('5.5.5-10.11.6-MariaDB'), 'MySQL greeting: mariadb, 5.5.5-10.11.6-MariaDB'],
  ['SSH-2.0-OpenSSH_9.2\r\n', 'greeting: ssh, SSH-2.0-OpenSSH_9.2'],
  ['220 mail.example ESMTP\r\n', 'greeting: null, 220 mail.example ESMTP'],
  ['S', 'PostgreSQL SSLRequest: postgresql, offers TLS'],
  ['N', 'PostgreSQL SSLRequest: postgresql, offers no TLS'],
  ['+PONG\r\n', 'Redis PING: redis, PONG'],
  ['-NOAUTH Authentication required.\r\n', 'Redis PING: redis, NOAUTH Authentication required.'],
  ['VERSION 1.6.18\r\n', 'memcached version: memcached, 1.6.18'],
  [
    'HTTP/1.1 200 OK\r\nServer: nginx/1.22\r\n\r\n<TITLE>\n Shop </TITLE>',
    'HTTP GET /: nginx, HTTP 200, nginx/1.22, “Shop”',
  ],
  ['HTTP/1.0 302 Found\r\nLocation: /login\r\n\r\n', 'HTTP GET /: null, HTTP 302, to /login'],
])('%j is understood by one protocol alone', (bytes, expected) => {
  expect(understood(bytes)).toEqual([expected])
})

test.each([
  '',
  'N\n',
  'Nothing',
  '+PON',
  '-ERR unknown command\r\n',
  'HTTP/1.1 200 OK\r\nServer: x',
  '-ERR NOAUTH\r\n',
])('%j tells nothing', (text) => {
  expect(understood(text)).toEqual([])
})

test('whatever a server sends, reading it does not fail', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => Array.isArray(understood(bytes))))
})

test('the question of MongoDB is one message of its own length with a document of its own length', () => {
  const says = handshakes.find(({ name }) => name === 'MongoDB hello')?.says ?? new Uint8Array(32)
  const view = new DataView(says.buffer)
  expect(view.getInt32(0, true)).toBe(says.length)
  expect(view.getInt32(12, true)).toBe(2013)
  expect(view.getInt32(21, true)).toBe(says.length - 21)
})

test('the expected question comes first, and a printer is told nothing', () => {
  expect(handshakesFor(5432, null)[0]?.name).toBe('PostgreSQL SSLRequest')
  expect(handshakesFor(3999, 'Redis Cache')[0]?.name).toBe('Redis PING')
  expect(handshakesFor(3999, null)).toEqual([...handshakes])
  expect(handshakesFor(9100, 'Redis').some(({ says }) => says !== null)).toBe(false)
})

test('a service has a handshake of its own only where no word of its name makes it something else', () => {
  const names = ['PostgreSQL', 'Redis Cache', 'MySQL 8 (replica)', 'PostgreSQL Exporter', 'Redis Insight', 'Web Shop']
  expect(names.map(hasOwnHandshake)).toEqual([true, true, true, false, false, false])
})
