import { expect, test } from 'bun:test'
import { listenersOf } from './open-sockets.ts'
import { parseNetstat, parseTasklist } from './netstat.ts'

/** Written from Microsoft's documentation of netstat and tasklist, not captured on Windows. */
const english = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1032
  TCP    127.0.0.1:3000         0.0.0.0:0              LISTENING       4242
  TCP    127.0.0.1:3000         127.0.0.1:50123        ESTABLISHED     4242
  TCP    192.168.1.20:50444     203.0.113.9:443        TIME_WAIT       0
  TCP    [::]:135               [::]:0                 LISTENING       1032
  TCP    [::1]:3001             [::]:0                 LISTENING       4300
  TCP    [fe80::1c2b%7]:3002    [::]:0                 LISTENING       4300
  UDP    0.0.0.0:5353           *:*                                    2100
  UDP    [::1]:1900             *:*                                    5000
`
const german = english
  .replaceAll('LISTENING', 'ABHÖREN')
  .replace('Active Connections', 'Aktive Verbindungen')
  .replaceAll('\n', '\r\n')

test.each([
  ['English', english],
  ['German, with the line ends of Windows', german],
])('reads netstat -ano in %s', (_, text) => {
  const rows = listenersOf(parseNetstat(text), { holders: 'none' }, () => null)
  expect(rows.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`)).toEqual([
    'tcp 0.0.0.0 135',
    'tcp :: 135',
    'udp ::1 1900',
    'tcp 127.0.0.1 3000',
    'tcp ::1 3001',
    'tcp fe80::1c2b%7 3002',
    'udp 0.0.0.0 5353',
  ])
})

test('reads the names of tasklist', () => {
  const text = '"System Idle Process","0","Services","0","8 K"\r\n"node.exe","4242","Console","1","45.000 K"\r\n'
  expect([...parseTasklist(text)]).toEqual([
    [0, 'System Idle Process'],
    [4242, 'node.exe'],
  ])
  expect(parseTasklist('INFO: No tasks are running which match the specified criteria.').size).toBe(0)
})

test('makes nothing of what is no output of netstat', () => {
  for (const text of ['', 'TCP', 'TCP a b c d', 'TCP 0.0.0.0:99999 0.0.0.0:0 LISTENING 4', 'UDP *:* *:* x']) {
    expect(parseNetstat(text)).toEqual([])
  }
})
