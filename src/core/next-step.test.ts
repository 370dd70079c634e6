import { expect, test } from 'bun:test'
import type { Container } from './container.ts'
import { nextSteps } from './next-step.ts'
import type { Situation } from './next-step.ts'
import { port } from './port.ts'

const commands = (given: Partial<Situation>): string[] =>
  nextSteps({
    port: port(3000),
    protocols: [],
    verdicts: [],
    containers: [],
    units: [],
    plain: false,
    hidden: false,
    root: false,
    ...given,
  }).map(({ command }) => command)

test('what was started by an engine or by systemd is ended there, and is never killed', () => {
  const container = { engine: 'podman', name: 'shop-web-1' } as Container
  expect(commands({ protocols: ['tcp'], containers: [container] })).toEqual([
    'podman stop shop-web-1',
    'podman logs --tail 50 shop-web-1',
  ])
  expect(commands({ protocols: ['tcp'], units: [{ unit: 'web.service', ofUser: true }] })).toEqual([
    'systemctl --user stop web.service',
  ])
})

test('a plain process is killed by its port and protocol', () => {
  expect(commands({ protocols: ['tcp', 'udp'], plain: true })).toEqual([
    'ports kill 3000',
    'ports kill 3000 --protocol udp',
  ])
})

test('each verdict has a step of its own, and names are one word for a shell', () => {
  const at = (verdict: 'active' | 'reserved' | 'taken' | 'silent' | 'unverified') =>
    commands({ verdicts: [{ service: "It's; rm", verdict }] })
  expect(at('active')).toEqual(["ports stop 'It'\\''s; rm'"])
  expect(at('reserved')).toEqual(["ports start 'It'\\''s; rm'"])
  expect(at('taken')).toEqual(["ports move 'It'\\''s; rm' PORT"])
  expect(at('silent')).toEqual(["ports logs 'It'\\''s; rm'"])
  expect(at('unverified')).toEqual(['ports who 3000 --handshake'])
})

test('a free port can be promised, a hidden holder be seen by root', () => {
  expect(commands({})).toEqual(['ports reserve "Service Name" 3000'])
  expect(commands({ protocols: ['tcp'], hidden: true })).toEqual(['sudo ports who 3000'])
  expect(commands({ protocols: ['tcp'], hidden: true, root: true })).toEqual([])
})
