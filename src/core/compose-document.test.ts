import { expect, test } from 'bun:test'
import { documentOfCompose } from './compose-document.ts'
import { host, projectOf, registryOf } from './compose-plan.fixture.ts'

type Project = Parameters<typeof projectOf>[0]
type Services = Parameters<typeof registryOf>[0]

function imported(project: Project, services: Services = {}): { services: string[]; unused: string[] } {
  const document = documentOfCompose(projectOf(project), registryOf(services), host)
  return {
    services: document.services.map(
      ({ name, ports }) =>
        `${name} ${ports.map(({ port, protocol, address }) => `${port}/${protocol}@${address}`).join(' ')}`,
    ),
    unused: document.unused.map(({ text, why, contradicts }) => `${text}: ${why}${contradicts ? '!' : ''}`),
  }
}

test('registers what is new, with each port once and its address', () => {
  expect(imported({ shop: { ports: ['127.0.0.1:3000:80', '53:53/udp', '8080:8080'] } })).toEqual({
    services: ['shop 3000/tcp@127.0.0.1 53/udp@* 8080/tcp@*'],
    unused: [],
  })
})

test('leaves what is registered as it is, and tells where the project says otherwise', () => {
  const project = { grafana: { ports: ['3000:3000'] }, db: { ports: ['5432:5432'], image: 'postgres' } }
  expect(imported(project, { Grafana: [3006], PostgreSQL: [5432] })).toEqual({
    services: [],
    unused: [
      "grafana: 3000 for 3000: Grafana (known by its name) has 3006 in the registry: 'ports compose' moves the project there!",
    ],
  })
})

test('uses the name of an unknown label, for all services that bear it', () => {
  const labels = { 'iza.ports.service': 'My Shop' }
  expect(imported({ a: { ports: ['1:1'], labels }, b: { ports: ['2:2'], labels } }).services).toEqual([
    'My Shop 1/tcp@* 2/tcp@*',
  ])
})

test('tells what has no port of its own', () => {
  expect(imported({ a: { ports: [':80', '9:9/sctp'] } })).toEqual({
    services: [],
    unused: [
      'a: a free port for 80: the engine picks a free port at each start',
      'a: 9/sctp for 9: sctp ports are not kept in the registry',
    ],
  })
})

test('takes no control characters from a label', () => {
  expect(imported({ a: { ports: ['1:1'], labels: { 'iza.ports.service': 'a\u001b[31m' } } })).toEqual({
    services: [],
    unused: ['a: 1 for 1: its label is no name for a service!'],
  })
})
