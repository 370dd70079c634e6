import { expect, test } from 'bun:test'
import type { ProcessRow } from '../process.ts'
import { jobsOf } from './jobs.ts'

/** A process in one line: pid, parent, group, name, arguments. The session is the group unless told. */
function row(
  pid: number,
  parent: number,
  group: number,
  name: string,
  words: string[] = [],
  more: Partial<ProcessRow> = {},
): ProcessRow {
  return {
    boot: 'b',
    pid,
    start: pid,
    parent,
    group,
    session: group,
    terminal: false,
    kernel: false,
    uid: 1000,
    name,
    arguments: [name, ...words],
    ...more,
  }
}

const init = row(1, 0, 1, 'systemd')
const shell = row(10, 1, 10, 'bash', [], { terminal: true })
const us = row(11, 10, 11, 'ports', ['kill'], { session: 10 })
const pidsOf = (table: ProcessRow[], holders: ProcessRow[], runs?: Map<number, string>): number[] =>
  jobsOf(table, holders, us.pid, runs)
    .targets.map(({ pid }) => pid)
    .toSorted((a, b) => a - b)

test('a plain server is ended with what it started, and nothing else', () => {
  const server = row(20, 10, 20, 'node')
  const helper = row(21, 20, 20, 'esbuild')
  const other = row(30, 10, 30, 'node')
  expect(pidsOf([init, shell, us, server, helper, other], [server])).toEqual([20, 21])
})

test('the wrappers above it and what they started beside it go with it, up to the shell of the person', () => {
  const npm = row(20, 10, 20, 'node', ['/usr/lib/node_modules/npm/bin/npm-cli.js', 'run', 'dev'])
  const script = row(21, 20, 20, 'sh', ['-c', 'vite & tsc --watch'])
  const server = row(22, 21, 20, 'node', ['vite'])
  const sibling = row(23, 21, 20, 'node', ['tsc', '--watch'])
  expect(pidsOf([init, shell, us, npm, script, server, sibling], [server])).toEqual([20, 21, 22, 23])
})

test('an editor or an agent above is no wrapper and stays', () => {
  const editor = row(20, 1, 20, 'code')
  const server = row(21, 20, 20, 'node', ['vite'])
  const plan = jobsOf([init, shell, us, editor, server], [server], us.pid)
  expect(plan.targets.map(({ pid }) => pid)).toEqual([21])
  expect(plan.restarters.map(({ pid }) => pid)).toEqual([20])
})

test('pid 1, ourselves, our ancestors and kernel threads are refused', () => {
  const kernel = row(40, 2, 0, 'kworker', [], { kernel: true })
  const table = [init, shell, us, kernel]
  const plan = jobsOf(table, [init, us, shell, kernel], us.pid)
  expect(plan.targets).toEqual([])
  expect(plan.refused.map(({ pid, why }) => [pid, why])).toEqual([
    [1, 'init'],
    [11, 'ourselves'],
    [10, 'ancestor'],
    [40, 'kernel'],
  ])
})

test('a script that started the server and calls us is an ancestor and survives', () => {
  const script = row(50, 1, 50, 'sh', ['test.sh'])
  const server = row(51, 50, 50, 'python3')
  const ours = row(52, 50, 50, 'ports', ['kill'])
  const plan = jobsOf([init, script, server, ours], [server], ours.pid)
  expect(plan.targets.map(({ pid }) => pid)).toEqual([51])
  expect(plan.restarters).toEqual([])
})

test('every holder of an inherited or shared socket is ended', () => {
  const first = row(20, 1, 20, 'gunicorn')
  const workers = [row(21, 20, 20, 'gunicorn'), row(22, 20, 20, 'gunicorn')]
  const orphan = row(30, 1, 25, 'helper')
  expect(pidsOf([init, shell, us, first, ...workers, orphan], [...workers, first, orphan])).toEqual([20, 21, 22, 30])
})

test('a pid that belongs to somebody else by now is not touched', () => {
  const now = row(20, 1, 20, 'postgres', [], { start: 999 })
  const held = row(20, 1, 20, 'node')
  expect(pidsOf([init, shell, us, now], [held])).toEqual([])
})

test('docker-proxy is never ended', () => {
  const proxy = row(20, 1, 20, 'docker-proxy')
  expect(jobsOf([init, shell, us, proxy], [proxy], us.pid).refused.map(({ why }) => why)).toEqual(['forwarder'])
})

test('a run of ours is ended with its whole session, lost children included', () => {
  const server = row(20, 1, 20, 'node', [], { session: 20 })
  const lost = row(25, 1, 24, 'worker', [], { session: 20 })
  expect(pidsOf([init, shell, us, server, lost], [server], new Map([[20, 'Web']]))).toEqual([20, 25])
  const daemon = row(30, 1, 30, 'daemon')
  const other = row(40, 1, 40, 'node')
  const runs = new Map([
    [20, 'Web'],
    [30, 'Web'],
    [40, 'Other'],
  ])
  expect(pidsOf([init, shell, us, server, daemon, other], [daemon], runs)).toEqual([20, 30])
})

test('an ordinary process is no thread of the kernel, whatever its pid is in its namespace', () => {
  const second = row(2, 1, 2, 'node')
  const child = row(3, 2, 2, 'node')
  expect(pidsOf([init, shell, us, second, child], [child])).toEqual([3])
})

test('a runtime is a wrapper only when it is told to run something', () => {
  const agent = row(20, 10, 20, 'bun.exe', ['agent.ts'])
  const server = row(21, 20, 20, 'node', ['vite'])
  expect(pidsOf([init, shell, us, agent, server], [server])).toEqual([21])
  const script = row(20, 10, 20, 'bun.exe', ['run', 'dev'])
  expect(pidsOf([init, shell, us, script, server], [server])).toEqual([20, 21])
})

test('pid 1 may start again what it is the parent of, but not a run of ours', () => {
  const unit = row(20, 1, 20, 'nginx')
  const restarters = (runs?: Map<number, string>): number[] =>
    jobsOf([init, shell, us, unit], [unit], us.pid, runs).restarters.map(({ pid }) => pid)
  expect(restarters()).toEqual([1])
  expect(restarters(new Map([[20, 'Web']]))).toEqual([])
})
