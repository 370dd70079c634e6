import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { cleanUpAfterEach, temporaryFolder } from '../live.fixture.ts'
import { layoutIn, readKernelLayout } from './kernel-types.ts'

cleanUpAfterEach()

const layout = { iterator: 13, inode: 32, mode: 4, number: 64, process: 1268 }

/** The words of one type: its name, kind, how many members, the flag of bit fields, and what follows. */
type Type = [name: string, kind: number, count: number, flag: 0 | 1, ...rest: (string | number)[]]

/** One type of every kind, with what is wanted among them: the thirteenth is the function, and of two of one name the first counts. */
const all: Type[] = [
  ['u32', 1, 0, 0, 0],
  ['', 2, 0, 0],
  ['', 3, 0, 0, 0, 0, 0],
  ['file', 4, 2, 0, 'f_pos', 0, 0, 'f_inode', 0, 256],
  ['file', 4, 1, 0, 'f_inode', 0, 8],
  ['task_struct', 4, 2, 1, 'flags', 0, (4 << 24) | 8, 'tgid', 0, 1268 * 8],
  ['file', 5, 1, 0, 'f_inode', 0, 8],
  ['pid_type', 6, 2, 0, 'PIDTYPE_PID', 0, 'PIDTYPE_TGID', 1],
  ['mutex', 7, 0, 0],
  ['umode_t', 8, 0, 0],
  ['', 9, 0, 0],
  ['', 13, 2, 0, 'task', 0, 'file', 0],
  ['bpf_iter_task_file', 12, 1, 0],
  ['', 10, 0, 0],
  ['init_task', 14, 0, 0, 1],
  ['.data', 15, 1, 0, 0, 0, 0],
  ['double', 16, 0, 0],
  ['tag', 17, 0, 0, 0],
  ['tag', 18, 0, 0],
  ['wide', 19, 1, 0, 'WIDE', 0, 1],
  ['inode', 4, 2, 0, 'i_mode', 0, 32, 'i_ino', 0, 512],
]

function encode(types: readonly Type[]): Uint8Array {
  let text = '\0'
  const nameOf = (name: string): number => {
    if (name === '') return 0
    const at = text.indexOf(`\0${name}\0`)
    if (at >= 0) return at + 1
    text += `${name}\0`
    return text.length - name.length - 1
  }
  const body = types.flatMap(([name, kind, count, flag, ...rest]) => [
    nameOf(name),
    ((flag << 31) | (kind << 24) | count) >>> 0,
    0,
    ...rest.map((word) => (typeof word === 'string' ? nameOf(word) : word)),
  ])
  const strings = new TextEncoder().encode(text)
  const bytes = new Uint8Array(24 + body.length * 4 + strings.length)
  bytes.set(
    new Uint8Array(new Uint32Array([0x0001_eb9f, 24, 0, body.length * 4, body.length * 4, strings.length]).buffer),
  )
  bytes.set(new Uint8Array(new Uint32Array(body).buffer), 24)
  bytes.set(strings, 24 + body.length * 4)
  return bytes
}

test('finds its way through types of every kind', () => {
  expect(layoutIn(encode(all))).toEqual(layout)
})

test('a kernel that is built in another way has no layout', () => {
  for (const gone of ['file', 'inode', 'task_struct', 'bpf_iter_task_file'])
    expect([gone, layoutIn(encode(all.filter(([name]) => name !== gone)))]).toEqual([gone, null])
  for (const gone of ['f_inode', 'i_mode', 'i_ino', 'tgid']) {
    const types = all.map(([name, ...rest]): Type => {
      const [kind, count, flag, ...words] = rest
      return [name, kind, count, flag, ...words.map((word) => (word === gone && kind === 4 ? 'other' : word))]
    })
    expect([gone, layoutIn(encode(types))]).toEqual([gone, null])
  }
  expect(layoutIn(encode([...all.slice(0, 3), ['new', 20, 0, 0], ...all.slice(3)]))).toBeNull()
})

test('what is no type information, or was cut off, has no layout', () => {
  const bytes = encode(all)
  expect(layoutIn(new Uint8Array(0))).toBeNull()
  expect(layoutIn(new Uint8Array(bytes.length))).toBeNull()
  for (let length = 0; length < bytes.length - 1; length++) {
    const cut = bytes.slice(0, length)
    expect([length, layoutIn(cut)]).toEqual([length, null])
  }
})

test('what cannot be mapped is read, and what is not there has no layout', async () => {
  const path = join(temporaryFolder(), 'types')
  await Bun.write(path, encode(all))
  expect(readKernelLayout(path)).toEqual(layout)
  // Its size is that of a page, and it cannot be mapped; then one that has none.
  expect(readKernelLayout('/sys/kernel/mm/transparent_hugepage/enabled')).toBeNull()
  expect(readKernelLayout('/proc/self/status')).toBeNull()
  expect(readKernelLayout(join(path, 'missing'))).toBeNull()
})
