import { expect, test } from 'bun:test'
import { nowhere } from '../cgroup.ts'
import type { Cause } from '../cause.ts'
import type { Container } from '../container.ts'
import { port } from '../port.ts'
import type { ProcessRow } from '../process.ts'
import { planStop } from './plan.ts'
import type { SeenHolder, StopSight } from './plan.ts'
import { sayAct, sayPlan } from './say.ts'
import { worstTier } from './tier.ts'
import type { Unit } from './unit.ts'

function row(pid: number, parent: number, name: string, more: Partial<ProcessRow> = {}): ProcessRow {
  const place = { group: pid, session: pid, terminal: false, kernel: false }
  return { boot: 'b', pid, start: pid, parent, ...place, uid: 1000, name, arguments: [name], ...more }
}

const init = row(1, 0, 'systemd', { uid: 0 })
const shell = row(10, 1, 'bash', { terminal: true })
const us = row(11, 10, 'ports')

function holderOf({ boot, pid, start, name }: ProcessRow, more: Partial<SeenHolder> = {}): SeenHolder {
  return { boot, pid, start, name, place: nowhere, container: null, causes: [], listensFor: null, ...more }
}

function sightOf(table: ProcessRow[], holders: SeenHolder[], more: Partial<StopSight> = {}): StopSight {
  return {
    port: port(3000),
    protocol: 'tcp',
    holders,
    kept: null,
    unseen: [],
    table: [init, shell, us, ...table],
    self: us.pid,
    ownPlace: nowhere,
    runs: new Map(),
    units: new Map(),
    services: [],
    others: [],
    connections: 0,
    ...more,
  }
}

const nginx: Unit = { name: 'nginx.service', ofUser: false, restart: 'on-failure', triggers: [] }
const inNginx = { unit: 'nginx.service', ofUser: false, container: null }
const started = (...kinds: Cause['kind'][]): Cause[] =>
  kinds.map((kind, index) => ({ kind, name: kind, pid: index + 1, command: kind }))

const container: Container = {
  engine: 'docker',
  id: 'c'.repeat(64),
  name: 'shop-db-1',
  image: 'docker.io/library/postgres:16',
  project: 'shop',
  service: 'db',
  label: null,
  folder: null,
  pid: 40,
  published: [],
}

test('a plain server is ended by signals, and nothing has to be said', () => {
  const server = row(20, 10, 'node')
  const plan = planStop(sightOf([server], [holderOf(server)], { connections: 2 }))
  expect(plan.acts.map(sayAct)).toEqual(['end node (pid 20)'])
  expect(plan.risks).toEqual([{ kind: 'connected', tier: 'safe', about: '2 connections' }])
  expect(worstTier(plan.risks)).toBe('safe')
})

test('what a container, a system unit and a user unit have is ended by whoever started it', () => {
  const [proxy, server, web] = [row(20, 1, 'docker-proxy'), row(21, 1, 'nginx'), row(22, 1, 'web')]
  const mine: Unit = { name: 'web.service', ofUser: true, restart: 'no', triggers: ['web.socket'] }
  const holders = [
    holderOf(proxy, { container }),
    holderOf(server, { place: inNginx, causes: started('init') }),
    holderOf(web, {
      place: { unit: 'web.service', ofUser: true, container: null },
      causes: started('init', 'service-manager'),
    }),
  ]
  const units = new Map([nginx, mine].map((unit) => [unit.name, unit]))
  const plan = planStop(sightOf([proxy, server, web], holders, { units }))
  expect(plan.acts.map(sayAct)).toEqual([
    'stop the container shop-db-1 (docker.io/library/postgres:16) through docker',
    'systemctl stop nginx.service',
    'systemctl --user stop web.socket web.service',
  ])
  expect(plan.refused).toEqual([])
  expect(plan.risks.map(({ kind, tier }) => [kind, tier])).toEqual([
    ['system-unit', 'warn'],
    ['comes-back', 'safe'],
  ])
})

test('a unit that is a place to work in is not stopped for what was started there, nor is the one we run in', () => {
  const server = row(20, 1, 'node')
  const units = new Map([['nginx.service', nginx]])
  const inside = (...causes: Cause['kind'][]) =>
    planStop(sightOf([server], [holderOf(server, { place: inNginx, causes: started(...causes) })], { units })).acts
  expect(inside('init').map(({ kind }) => kind)).toEqual(['unit'])
  expect(inside('terminal', 'init', 'shell').map(({ kind }) => kind)).toEqual(['unit'])
  for (const kind of ['terminal', 'multiplexer', 'editor', 'agent', 'cron', 'ssh'] as const)
    expect(inside('init', kind, 'shell').map((act) => act.kind)).toEqual(['processes'])
  const ours = sightOf([server], [holderOf(server, { place: inNginx })], { units, ownPlace: inNginx })
  expect(planStop(ours).acts.map(({ kind }) => kind)).toEqual(['processes'])
})

test('the container that this command runs in is not stopped for a server in it', () => {
  const server = row(20, 1, 'node')
  const inside = { unit: null, ofUser: false, container: container.id }
  const seen = sightOf([server], [holderOf(server, { place: inside, container })], { ownPlace: inside })
  expect(planStop(seen).acts.map(({ kind }) => kind)).toEqual(['processes'])
  expect(planStop({ ...seen, ownPlace: nowhere }).acts.map(({ kind }) => kind)).toEqual(['container'])
})

test('a socket that systemd keeps for a service is stopped with it, though pid 1 holds it', () => {
  const cups: Unit = { name: 'cups.service', ofUser: false, restart: 'no', triggers: ['cups.socket'] }
  const plan = planStop(sightOf([], [holderOf(init, { listensFor: cups })]))
  expect(plan.acts.map(sayAct)).toEqual(['systemctl stop cups.socket cups.service'])
  expect(plan.refused).toEqual([])
  expect(planStop(sightOf([], [holderOf(init)])).refused).toMatchObject([{ pid: 1, why: 'init' }])
})

test('a listener whose holder is hidden is ended where its container or unit is known, else it stays', () => {
  const of = (more: object) => ({ user: 'root', place: nowhere, container: null, ...more })
  const units = new Map([['nginx.service', nginx]])
  const known = planStop(sightOf([], [], { units, unseen: [of({ place: inNginx }), of({ container })] }))
  expect(known.acts.map(({ kind }) => kind)).toEqual(['container', 'unit'])
  expect(planStop(sightOf([], [], { unseen: [of({})] })).refused).toEqual([
    { pid: null, name: 'a process of root', why: 'hidden' },
  ])
})

test('what the machine hangs on has to be forced, and so has a proxy for a container of which no engine tells', () => {
  const [sshd, proxy] = [row(20, 1, 'sshd'), row(21, 1, 'docker-proxy')]
  const tier = (one: ProcessRow, forced = false) => {
    const plan = planStop(sightOf([one], [holderOf(one)]), forced)
    return [worstTier(plan.risks), plan.acts.length, plan.refused.length]
  }
  expect(tier(sshd)).toEqual(['block', 1, 0])
  expect(tier(proxy)).toEqual(['block', 0, 1])
  expect(tier(proxy, true)).toEqual(['safe', 1, 0])
})

test('who is cut off from a database, what else goes down and whose process it is has to be agreed to', () => {
  const server = row(20, 1, 'postgres', { uid: 0 })
  const risks = (more: Partial<StopSight>, other: Partial<ProcessRow> = {}) =>
    planStop(sightOf([{ ...server, ...other }], [holderOf(server)], more)).risks.map(
      ({ kind, tier }) => `${kind} ${tier}`,
    )
  expect(risks({ connections: 1 })).toEqual(['database warn'])
  expect(risks({ others: [{ port: port(3001), service: 'Web' }] })).toEqual(['other-service warn'])
  expect(risks({ others: [{ port: port(3001), service: 'Web' }], services: ['web'] })).toEqual(['other-ports safe'])
  expect(risks({ others: [{ port: port(3001), service: null }] })).toEqual(['other-ports safe'])
  expect(risks({}, { uid: 1001 })).toEqual(['somebody-elses warn'])
  expect(risks({}, { uid: 65_534 })).toEqual([])
})

test('a run of ours is told by its service', () => {
  const server = row(20, 1, 'node')
  const plan = planStop(sightOf([server], [holderOf(server)], { runs: new Map([[20, 'Web']]) }))
  expect(plan.acts).toMatchObject([{ kind: 'processes', run: 'Web' }])
  expect(sayPlan(plan)).toBe('To free 3000/tcp:\n  end the run of Web: node (pid 20)\n')
})
