import { expect, test } from 'bun:test'
import { readSockets, readUnit } from './systemd.ts'

test('a unit is read as systemctl shows it, and one that is not there is none', () => {
  const text = 'Restart=on-failure\nTriggeredBy=cups.socket cups.path\nLoadState=loaded\n'
  expect(readUnit(text, 'cups.service', false)).toEqual({
    name: 'cups.service',
    ofUser: false,
    restart: 'on-failure',
    triggers: ['cups.socket', 'cups.path'],
  })
  expect(readUnit('Restart=no\nTriggeredBy=\nLoadState=loaded\n', 'a.service', true)?.triggers).toEqual([])
  expect(readUnit('LoadState=not-found\n', 'a.service', false)).toBeNull()
})

test('sockets are read with their ports and services, and paths are left out', () => {
  const text = [
    '[::]:22                ssh.socket             ssh.service',
    '/run/dbus/system_bus_socket dbus.socket       dbus.service',
    '127.0.0.1:631          cups.socket            cups.service, other.service',
    '0.0.0.0:79             finger.socket          ',
  ].join('\n')
  expect(readSockets(text)).toEqual([
    { port: 22, unit: 'ssh.socket', activates: ['ssh.service'] },
    { port: 631, unit: 'cups.socket', activates: ['cups.service', 'other.service'] },
    { port: 79, unit: 'finger.socket', activates: [] },
  ])
})
