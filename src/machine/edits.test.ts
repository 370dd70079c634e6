import { afterAll, expect, test } from 'bun:test'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareEdits } from './edits.ts'

const root = mkdtempSync(join(tmpdir(), 'iza-ports-edits-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folders = 0

/** A folder of files that say `old` and their name. */
function folderWith(...names: string[]): { folder: string; edits: { path: string; before: string; after: string }[] } {
  const folder = join(root, `${folders++}`)
  mkdirSync(folder)
  const edits = names.map((name) => {
    const path = join(folder, name)
    writeFileSync(path, `old ${name}`)
    return { path, before: `old ${name}`, after: `new ${name}` }
  })
  return { folder, edits }
}

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')]),
  )

test('files keep their mode and owner, and nothing is left beside them', async () => {
  const { folder, edits } = folderWith('a', 'b')
  const [a = ''] = edits.map(({ path }) => path)
  chmodSync(a, 0o640)
  if (process.getuid?.() === 0) chownSync(a, 1234, 2345)
  const before = statSync(a)
  await prepareEdits(folder, edits).apply()
  expect(contents(folder)).toEqual({ a: 'new a', b: 'new b' })
  const { mode, uid, gid } = statSync(a)
  expect([mode, uid, gid]).toEqual([before.mode, before.uid, before.gid])
})

test('a read-only file in the middle leaves every file as it was, for root too', () => {
  const { folder, edits } = folderWith('a', 'b', 'c')
  chmodSync(join(folder, 'b'), 0o444)
  expect(() => prepareEdits(folder, edits)).toThrow('b cannot be written: it is read-only')
  expect(contents(folder)).toEqual({ a: 'old a', b: 'old b', c: 'old c' })
})

test('a file that cannot be replaced in the end takes the others back, the very same files', async () => {
  const { folder, edits } = folderWith('a', 'b', 'c')
  const prepared = prepareEdits(folder, edits)
  const { ino } = statSync(join(folder, 'a'))
  rmSync(join(folder, 'b'))
  mkdirSync(join(folder, 'b'))
  expect(await prepared.apply().catch((error: unknown) => error)).toMatchObject({ code: 'file-unwritable' })
  expect(contents(folder)).toEqual({ a: 'old a', c: 'old c' })
  expect(statSync(join(folder, 'a')).ino).toBe(ino)
})

test('what was made ready and is not wanted goes away', async () => {
  const { folder, edits } = folderWith('a')
  await prepareEdits(folder, edits).discard()
  expect(contents(folder)).toEqual({ a: 'old a' })
})

test('a file that says something else by now is left', () => {
  const { folder, edits } = folderWith('a', 'b')
  writeFileSync(join(folder, 'b'), 'mine')
  expect(() => prepareEdits(folder, edits)).toThrow('it was changed in the meantime')
  expect(contents(folder)).toEqual({ a: 'old a', b: 'mine' })
})

test('neither a link in the place of a file nor a folder that is a link leads out of the folder', () => {
  const { folder: outside } = folderWith('secret')
  const { folder } = folderWith()
  symlinkSync(join(outside, 'secret'), join(folder, 'file'))
  symlinkSync(outside, join(folder, 'inside'))
  const edit = { before: 'old secret', after: 'new' }
  expect(() => prepareEdits(folder, [{ path: join(folder, 'file'), ...edit }])).toThrow('it is no plain file')
  expect(() => prepareEdits(folder, [{ path: join(folder, 'inside/secret'), ...edit }])).toThrow(
    'a link leads out of the folder',
  )
  expect(contents(outside)).toEqual({ secret: 'old secret' })
})
