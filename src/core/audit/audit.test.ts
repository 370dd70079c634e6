import { expect, test } from 'bun:test'
import type { Allocation } from '../allocation.ts'
import { port } from '../port.ts'
import type { Registry } from '../registry.ts'
import type { Judgement } from '../verdict.ts'
import { holder, registryOf as registry } from './audit.fixture.ts'
import { audit, sayFinding } from './audit.ts'

const rulesFound = (subject: Registry, judged: Map<Allocation, Judgement> | null = null): string[] =>
  audit({ registry: subject, host: 'h', seen: judged && { listeners: [], judged } }).map(
    (finding) => `${finding.severity} ${finding.rule} ${finding.services.join('+')}`,
  )

test('a clean registry has no finding', () => {
  expect(rulesFound(registry(['Core: A 3000', 'Data: B 5000', 'C 9999']))).toEqual([])
})

test('the same port twice is an error, by the overlap of addresses', () => {
  expect(rulesFound(registry(['A 3000', 'B 3000']))).toEqual(['error duplicate-port A+B'])
  expect(rulesFound(registry(['A 3000 127.0.0.1', 'B 3000 127.0.0.2']))).toEqual([])
  expect(rulesFound(registry(['A 3000 0.0.0.0', 'B 3000 v6any']))).toEqual(['warning split-localhost B+A'])
})

test('out of the own range is a notice, inside another one a warning besides', () => {
  expect(rulesFound(registry(['Core: A 9999']))).toEqual(['notice out-of-range A'])
  expect(rulesFound(registry(['Core: A 5050']))).toEqual(['warning inside-another-range A', 'notice out-of-range A'])
})

test('a recorded move to a port of somebody else is an error, until a later record ends it', () => {
  const moved = (to: number) => ({ host: 'h', service: 'Gone', from: null, to: port(to), why: '', when: null })
  expect(rulesFound(registry(['A 3001'], { resolutions: [moved(3001)] }))).toEqual([
    'error contradicted-resolution Gone+A',
  ])
  expect(rulesFound(registry(['A 3001'], { resolutions: [moved(3001), moved(3050)] }))).toEqual([])
  expect(rulesFound(registry(['Gone 3001'], { resolutions: [moved(3001)] }))).toEqual([])
})

test('a mark without a record is a notice', () => {
  const marked = registry(['A 3000'])
  const services = marked.services.map((service) => ({ ...service, resolved: true }))
  expect(rulesFound({ ...marked, services })).toEqual(['notice missing-resolution A'])
})

test('a port that somebody else holds is an error that names the holder', () => {
  const subject = registry(['A 3000'])
  const [allocation] = subject.allocations
  const judged = new Map(
    allocation
      ? [
          [
            allocation,
            {
              verdict: 'taken',
              evidence: { holder: holder('node'), identified: { service: null, by: 'command' } },
            } as const,
          ],
        ]
      : [],
  )
  const [finding] = audit({ registry: subject, host: 'h', seen: { listeners: [], judged } })
  expect(finding && sayFinding(finding)).toBe('3000 of A is taken by node (pid 42)')
})
