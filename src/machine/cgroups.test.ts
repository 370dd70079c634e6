import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cgroupOf, cgroupsOfSockets } from './cgroups.ts'
import { cleanUp, cleanUpAfterEach, listenOn, runProgram, until } from './live.fixture.ts'
import { linuxMachine } from './linux.ts'

cleanUpAfterEach()

const root = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1] ?? null
const ours = root === null ? null : makeGroup(root)
const reason = ours === null ? ' (skipped: control groups of version 2 cannot be made here)' : ''

/** A group of the test's own, or null where nobody lets us make one. */
function makeGroup(under: string): string | null {
  const path = join(under, `iza-ports-test-${process.pid}.service`)
  try {
    mkdirSync(path)
    rmdirSync(path)
    return path
  } catch {
    return null
  }
}

test.skipIf(ours === null)(
  `the group that a listener was made in is known by the kernel's id of it${reason}`,
  async () => {
    const path = ours ?? ''
    mkdirSync(path)
    cleanUp(() => until(async () => tryRemove(path), 'the group is empty'))
    const program = `require('node:fs').writeFileSync(process.argv[1] + '/cgroup.procs', String(process.pid))
    console.log(Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } }).port)`
    const { child, line } = await runProgram(program, path)
    const [listener] = await linuxMachine().listeners({ ports: new Set([Number(line)]) as never, holders: 'none' })
    const inode = listener?.inode ?? 0
    const name = `/${path.split('/').at(-1)}`
    expect(cgroupsOfSockets([{ protocol: 'tcp', inode }])).toEqual(new Map([[inode, name]]))
    expect(cgroupOf(child.pid)).toBe(name)
    // The program may have moved on since: the socket stays what it was.
    writeFileSync(join(root ?? '', 'cgroup.procs'), String(child.pid))
    expect(cgroupsOfSockets([{ protocol: 'tcp', inode }])).toEqual(new Map([[inode, name]]))
  },
)

function tryRemove(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch {
    return false
  }
}

test('nothing is said of sockets that nobody asked for, nor of processes that are gone', () => {
  listenOn('127.0.0.1')
  expect(cgroupsOfSockets([])).toEqual(new Map())
  expect(cgroupsOfSockets([{ protocol: 'udp', inode: 1 }])).toEqual(new Map())
  expect(cgroupOf(2 ** 30)).toBeNull()
})
