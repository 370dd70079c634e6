import { describe, expect, test } from 'bun:test'
import { parseAddress } from './address.ts'
import { obstaclesOf } from './compose-check.ts'
import type { EnginePublish } from './compose-check.ts'
import { host, projectOf, registryOf } from './compose-plan.fixture.ts'
import { planCompose } from './compose-plan.ts'
import type { Listener } from './listener.ts'
import { port } from './port.ts'

type Project = Parameters<typeof projectOf>[0]
type Services = Parameters<typeof registryOf>[0]

function listener(number: number, name: string | null, address = '*', protocol: 'tcp' | 'udp' = 'tcp'): Listener {
  const holder = {
    boot: 'b',
    pid: 7,
    start: 1,
    session: 7,
    name: name ?? '',
    command: name ?? '',
    cwd: null,
    user: 'me',
    startedAt: null,
  }
  const holders = name === null ? [] : [holder]
  return {
    protocol,
    family: 4,
    address: parseAddress(address),
    port: port(number),
    inode: 1,
    uid: 0,
    user: 'me',
    holders,
  }
}

function published(project: string, service: string, number: number, hostIp = '0.0.0.0'): EnginePublish {
  return { project, service, hostIp, port: number, protocol: 'tcp' }
}

function found(
  project: Project,
  services: Services = {},
  listeners: Listener[] = [],
  engine: EnginePublish[] = [],
): string[] {
  const given = projectOf(project)
  const registry = registryOf(services)
  return obstaclesOf(given, planCompose(given, registry, host), registry, listeners, engine).map(
    ({ kind, publish, port: number, who, instead }) =>
      `${publish.service} ${number} ${kind} ${who}${instead === null ? '' : ` -> ${instead}`}`,
  )
}

describe('in the way is', () => {
  const web: Project = { web: { ports: ['3000:80'] } }
  const cases: readonly (readonly [string, string[], string[]])[] = [
    ['nobody', found(web), []],
    ['nobody where the registry has it for this very service', found(web, { Web: [3000] }), []],
    ['the service that the port belongs to', found(web, { Grafana: [3000] }), ['web 3000 registry Grafana']],
    [
      'that one too where the registry has another port',
      found(web, { Grafana: [3000], Web: [3001] }),
      ['web 3000 registry Grafana -> 3001'],
    ],
    [
      'not one of the candidates of an open question',
      found({ cache: { ports: ['5001:6379'] } }, { 'Redis One': [5001], 'Redis Two': [5002] }),
      [],
    ],
    [
      'another service of the project',
      found({ a: { ports: ['3000:80'] }, b: { ports: ['127.0.0.1:3000:80'] } }),
      ['b 3000 project a'],
    ],
    ['not one on another address', found({ a: { ports: ['127.0.0.1:1:80'] }, b: { ports: ['127.0.0.2:1:80'] } }), []],
    [
      'not one of a profile that does not start',
      found({ a: { ports: ['1:80'], active: false }, b: { ports: ['1:80'] } }),
      [],
    ],
    ['who listens there', found(web, {}, [listener(3000, 'node server.js')]), ['web 3000 listener node server.js']],
    ['whoever hides', found(web, {}, [listener(3000, null)]), ['web 3000 listener a process of me']],
    [
      'not who listens beside it',
      found({ a: { ports: ['127.0.0.1:1:80'] } }, {}, [
        listener(1, 'x', '127.0.0.2'),
        listener(1, 'y', '*', 'udp'),
        listener(2, 'z'),
      ]),
      [],
    ],
    [
      'not the container of this very project',
      found(web, {}, [listener(3000, 'docker-proxy')], [published('shop', 'web', 3000)]),
      [],
    ],
    [
      'the container of another project, also where nobody is seen to listen',
      found(web, {}, [], [published('blog', 'web', 3000)]),
      ['web 3000 other-project blog/web'],
    ],
    [
      'that one alone, not its proxy beside it',
      found(web, {}, [listener(3000, 'docker-proxy')], [published('blog', 'web', 3000)]),
      ['web 3000 other-project blog/web'],
    ],
    [
      'a proxy of which no engine tells',
      found(web, {}, [listener(3000, 'docker-proxy')]),
      ['web 3000 listener docker-proxy'],
    ],
    [
      'a program beside the container of this project',
      found(web, {}, [listener(3000, 'node', '127.0.0.1')], [published('shop', 'web', 3000, '192.0.2.1')]),
      ['web 3000 listener node'],
    ],
    ['not a port that the engine picks', found({ web: { ports: [':80'] } }, {}, [listener(80, 'nginx')]), []],
  ]
  test.each(cases)('%s', (_, obstacles, expected) => {
    expect(obstacles).toEqual(expected)
  })
})
