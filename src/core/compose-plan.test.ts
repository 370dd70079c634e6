import { describe, expect, test } from 'bun:test'
import { explainStep } from './compose-explain.ts'
import { host, projectOf, registryOf } from './compose-plan.fixture.ts'
import { planCompose } from './compose-plan.ts'
import type { ComposeStep } from './compose-plan.ts'

type Project = Parameters<typeof projectOf>[0]
type Services = Parameters<typeof registryOf>[0]

/** The plan in short: `grafana 3000 -> 3006 Grafana by name`. */
function planned(project: Project, services: Services): string[] {
  return planCompose(projectOf(project), registryOf(services), host).steps.map(inShort)
}

function inShort(step: ComposeStep): string {
  const what = `${step.publish.service} ${step.publish.published ?? 'any'}`
  switch (step.action) {
    case 'keep':
      return `${what} kept ${step.service} by ${step.by}`
    case 'move':
      return `${what} -> ${step.to} ${step.service} by ${step.by}`
    case 'ambiguous':
      return `${what} ? ${step.candidates.join(', ')} by ${step.by}`
    case 'unregistered': {
      const owner = step.owner === null ? null : `of ${step.owner}`
      return [what, step.why, step.service, owner].filter((word) => word !== null).join(' ')
    }
  }
}

describe('knows a compose service', () => {
  const cases: readonly (readonly [string, Project, Services, string[]])[] = [
    [
      'by its label',
      { web: { ports: ['3000:80'], labels: { 'iza.ports.service': 'Grafana' } } },
      { Grafana: [3006], Web: [1] },
      ['web 3000 -> 3006 Grafana by label'],
    ],
    [
      'by its label, whatever the spelling',
      { web: { ports: ['3000:80'], labels: { 'iza.ports.service': 'grafana (Resolved)' } } },
      { Grafana: [3006] },
      ['web 3000 -> 3006 Grafana by label'],
    ],
    [
      'by a label for one container port',
      {
        s: {
          ports: ['9000:9000', '9001:9001'],
          labels: { 'iza.ports.service': 'MinIO', 'iza.ports.service.9001': 'MinIO Console' },
        },
      },
      { 'MinIO Console': [9003], MinIO: [9002] },
      ['s 9000 -> 9002 MinIO by label', 's 9001 -> 9003 MinIO Console by label'],
    ],
    [
      'by its name',
      { 'iza-os_api': { ports: ['3000:80'] } },
      { 'IZA OS API': [3100] },
      ['iza-os_api 3000 -> 3100 IZA OS API by name'],
    ],
    [
      'by its container name',
      { app: { ports: ['1:80'], containerName: 'anything-llm' } },
      { AnythingLLM: [3001] },
      ['app 1 -> 3001 AnythingLLM by container-name'],
    ],
    [
      'by an alias on a network',
      { app: { ports: ['1:80'], aliases: ['other', 'iza-shop'] } },
      { 'IZA Shop': [3001] },
      ['app 1 -> 3001 IZA Shop by alias'],
    ],
    [
      'by its image',
      { app: { ports: ['1:80'], image: 'ghcr.io/me/my-shop:latest@sha256:0' } },
      { 'My Shop': [3001] },
      ['app 1 -> 3001 My Shop by image'],
    ],
    [
      'by an image of a known program',
      { db: { ports: ['5432:5432'], image: 'timescale/timescaledb:latest-pg16' } },
      { PostgreSQL: [5001] },
      ['db 5432 -> 5001 PostgreSQL by image'],
    ],
    [
      'by a usual name of a known program',
      { postgres: { ports: ['5432:5432'] } },
      { 'PostgreSQL Database': [5001] },
      ['postgres 5432 -> 5001 PostgreSQL Database by name'],
    ],
    [
      'by a container port that only one program has',
      { data: { ports: ['1:6379'] } },
      { 'Redis Cache': [5002] },
      ['data 1 -> 5002 Redis Cache by container-port'],
    ],
    [
      'not by a port when the image is another program',
      { data: { ports: ['1:6379'], image: 'nginx' } },
      { 'Redis Cache': [5002] },
      ['data 1 no-service'],
    ],
    [
      'not by a part of its name',
      { 'redis-exporter': { ports: ['1:9121'] } },
      { Redis: [5002] },
      ['redis-exporter 1 no-service'],
    ],
  ]
  test.each(cases.map(([title, ...rest]) => [title, rest] as const))('%s', (_, [project, services, expected]) => {
    expect(planned(project, services)).toEqual(expected)
  })
})

describe('gives the ports of the registry', () => {
  const cases: readonly (readonly [string, Project, Services, string[]])[] = [
    [
      'and keeps what is right',
      { grafana: { ports: ['3006:3000'] } },
      { Grafana: [3006] },
      ['grafana 3006 kept Grafana by name'],
    ],
    [
      'to a port that the engine picked',
      { grafana: { ports: [':3000'] } },
      { Grafana: [3006] },
      ['grafana any -> 3006 Grafana by name'],
    ],
    [
      'once, and to the better clue',
      { db: { ports: ['5432:5432'], image: 'postgres' }, postgresql: { ports: ['5433:5432'] } },
      { PostgreSQL: [5001] },
      ['db 5432 given PostgreSQL', 'postgresql 5433 -> 5001 PostgreSQL by name'],
    ],
    [
      'first to whom has it',
      { a: { ports: ['5433:5432'], image: 'postgres' }, b: { ports: ['5432:5432'], image: 'postgres' } },
      { PostgreSQL: [5432] },
      ['a 5433 given PostgreSQL', 'b 5432 kept PostgreSQL by image'],
    ],
    [
      'and asks when two fit equally',
      { a: { ports: ['1:5432'], image: 'postgres' }, b: { ports: ['2:5432'], image: 'postgres' } },
      { PostgreSQL: [5001] },
      ['a 1 ? PostgreSQL by image', 'b 2 ? PostgreSQL by image'],
    ],
    [
      'and asks when one fits two services',
      { cache: { ports: ['1:6379'] } },
      { 'Redis One': [5001], 'Redis Two': [5002] },
      ['cache 1 ? Redis One, Redis Two by container-port'],
    ],
    [
      'to the service of two whose port it has',
      { cache: { ports: ['5002:6379'] } },
      { 'Redis One': [5001], 'Redis Two': [5002] },
      ['cache 5002 kept Redis Two by container-port'],
    ],
    [
      'to the main port of a known program',
      { web: { ports: ['443:443', '80:80'], image: 'nginx' } },
      { Nginx: [4000] },
      ['web 443 given Nginx', 'web 80 -> 4000 Nginx by image'],
    ],
    [
      'to several ports of one service in order',
      { app: { ports: ['1:81', '2:82'] } },
      { App: [3002, 3001] },
      ['app 1 -> 3001 App by name', 'app 2 -> 3002 App by name'],
    ],
    [
      'by protocol',
      { dns: { ports: ['1:53', '1:53/udp'] } },
      { DNS: ['5300/udp'] },
      ['dns 1 no-port DNS', 'dns 1 -> 5300 DNS by name'],
    ],
    [
      'to one port on several addresses',
      { web: { ports: ['127.0.0.1:1:80', '10.0.0.1:1:80'] } },
      { Web: [3001] },
      ['web 1 -> 3001 Web by name', 'web 1 -> 3001 Web by name'],
    ],
    [
      'to none that the registry does not know',
      { web: { ports: ['3006:80'] } },
      { Grafana: [3006] },
      ['web 3006 no-service of Grafana'],
    ],
    [
      'to no service of an unknown label',
      { web: { ports: ['1:80'], labels: { 'iza.ports.service': 'Nobody' } } },
      { Web: [2] },
      ['web 1 unknown-label Nobody'],
    ],
  ]
  test.each(cases.map(([title, ...rest]) => [title, rest] as const))('%s', (_, [project, services, expected]) => {
    expect(planned(project, services)).toEqual(expected)
  })
})

test("names services that would stand in each other's way", () => {
  const clashing = projectOf({
    a: { ports: ['3000:80'] },
    b: { ports: ['127.0.0.1:3000:80'] },
    c: { ports: ['3000:80/udp'] },
    d: { ports: ['3000:80'], profiles: ['debug'], active: false },
    grafana: { ports: ['1:3000'] },
    e: { ports: ['3006:80'] },
  })
  expect(
    planCompose(clashing, registryOf({ Grafana: [3006] }), host).clashes.map((clash) => ({
      ...clash,
      port: +clash.port,
    })),
  ).toEqual([
    { port: 3000, protocol: 'tcp', services: ['a', 'b'] },
    { port: 3006, protocol: 'tcp', services: ['grafana', 'e'] },
  ])
})

test('explains each step in a sentence', () => {
  const project = projectOf({
    grafana: { ports: ['3000:3000'] },
    cache: { ports: ['1:6379'] },
    a: { ports: ['3006:1'] },
  })
  const plan = planCompose(project, registryOf({ Grafana: [3006], 'Redis One': [1001], 'Redis Two': [1002] }), host)
  expect(plan.steps.map(explainStep)).toEqual([
    'Grafana (known by its name) has 3006 in the registry',
    'its container port fits Redis One and Redis Two: say which with the label iza.ports.service.6379',
    'no registered service is like it; 3006 belongs to Grafana',
  ])
})
