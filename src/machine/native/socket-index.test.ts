import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { walkSockets } from '../listeners/descriptors.ts'
import { cleanUpAfterEach, listenOn, run, runProgram } from '../live.fixture.ts'
import { openLibc } from './libc.ts'
import { socketIndex } from './socket-index.ts'

cleanUpAfterEach()

const libc = openLibc()
if (!libc) throw new Error('no C library could be opened')
const index = socketIndex(libc)

/** CAP_SYS_ADMIN and CAP_BPF, the second with CAP_PERFMON. */
const mayLoad = (): boolean => {
  const effective = BigInt(`0x${/^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0'}`)
  const has = (bit: bigint): boolean => ((effective >> bit) & 1n) === 1n
  return has(21n) || (has(38n) && has(39n))
}
const possible =
  process.geteuid?.() === 0 &&
  existsSync('/sys/kernel/btf/vmlinux') &&
  readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]' &&
  mayLoad()

/** The wanted sockets that the index names, by process. */
function read(wanted: ReadonlySet<number>): Map<number, number[]> | null {
  const said = new Map<number, number[]>()
  const whole = index(wanted, (pid, inode) => {
    const before = said.get(pid) ?? []
    said.set(pid, before)
    if (inode) before.push(inode)
  })
  return whole ? said : null
}

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)

function walked(pid: number): number[] {
  const inodes: number[] = []
  walkSockets(pid, (inode) => inodes.push(inode))
  return sorted(inodes)
}

test('names every process with the sockets that are wanted, as the walk does, also in an answer of many parts', async () => {
  const { fd } = listenOn('127.0.0.1')
  // 16 bytes each, and the kernel gives at most 32 KiB at once.
  for (let count = 0; count < 4500; count++) listenOn('127.0.0.1')
  const heir = run(['sleep', '600'], { fd })
  const { child: bare } = await runProgram('console.log(1); setInterval(() => {}, 1e6)')
  const own = walked(process.pid)
  const said = read(new Set(own))
  if (!possible) return expect(said).toBeNull()
  expect(sorted(said?.get(process.pid) ?? [])).toEqual(own)
  const shared = walked(heir.pid).filter((inode) => own.includes(inode))
  // That one, and whatever else of ours a child inherits.
  expect(shared.length).toBeGreaterThanOrEqual(1)
  expect(sorted(said?.get(heir.pid) ?? [])).toEqual(shared)
  expect(sorted(said?.get(bare.pid) ?? [])).toEqual(walked(bare.pid).filter((inode) => own.includes(inode)))
  expect(sorted(read(new Set(own.slice(0, 7)))?.get(process.pid) ?? [])).toEqual(own.slice(0, 7))
})

test('leaves nothing open, however often it is read', () => {
  read(new Set())
  const before = readdirSync('/proc/self/fd').length
  for (let count = 0; count < 20; count++) read(new Set())
  expect(readdirSync('/proc/self/fd').length).toBe(before)
})

const unshare = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
const mayUnshare = Bun.spawnSync([...unshare, 'true']).success

test.if(mayUnshare)(
  `is none where processes have other numbers${mayUnshare ? '' : ' (skipped: needs root and unshare)'}`,
  async () => {
    const program = `
      const { openLibc } = await import(${JSON.stringify(join(import.meta.dir, 'libc.ts'))})
      const { socketIndex } = await import(${JSON.stringify(join(import.meta.dir, 'socket-index.ts'))})
      console.log(socketIndex(openLibc())(new Set(), () => { throw new Error('told') }))`
    const inside = run([...unshare, process.execPath, '-e', program])
    expect((await new Response(inside.stdout).text()).trim()).toBe('false')
  },
)
