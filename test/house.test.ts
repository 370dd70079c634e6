import { afterAll, expect, test } from 'bun:test'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'

const root = join(import.meta.dir, '..')
const temporary = mkdtempSync(join(tmpdir(), 'iza-ports-house-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

function floors(folder: string): { code: number; words: string } {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, join(root, 'scripts/floors.ts'), folder])
  return { code: exitCode, words: stderr.toString() }
}

test('imports go down only', () => {
  expect(floors(root)).toEqual({ code: 0, words: '' })
})

const planted: [string, string, string][] = [
  ['core/port.ts', "import { readFileSync } from 'node:fs'\n", 'imports node:fs'],
  ['core/port.ts', "import type { World } from '../operations/world.ts'\n", 'imports ../operations/world.ts'],
  ['core/port.ts', 'export const now = (): number => Date.now()\n', 'no clock'],
  ['operations/look.ts', "import { openJournal } from '../store/journal.ts'\n", 'may not import store'],
  ['store/memory.ts', "import { systemClock } from '../machine/clock.ts'\n", 'may not import machine'],
  ['machine/clock.ts', "import { dlopen } from 'bun:ffi'\n", 'imports bun:ffi'],
  ['cli/exit.ts', "import { openJournal } from '../store/journal.ts'\n", 'may not import store'],
  ['somewhere/new.ts', 'export {}\n', 'stands on no floor'],
]
for (const [file, line, words] of planted) {
  test(`the floors check sees ${JSON.stringify(line.trim())} in ${file}`, () => {
    const folder = mkdtempSync(join(temporary, 'planted-'))
    cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true })
    const path = join(folder, 'src', file)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, line + (file.startsWith('somewhere') ? '' : readFileSync(path, 'utf8')))
    const { code, words: said } = floors(folder)
    expect(code).toBe(1)
    expect(said).toContain(words)
    expect(said).toContain(file)
  })
}

test('files stay small', async () => {
  const lengths: number[] = []
  for await (const path of new Glob('src/**/*.ts').scan(root)) {
    if (path.endsWith('.test.ts')) continue
    const lines = (await Bun.file(join(root, path)).text()).split('\n').length - 1
    expect([path, lines <= 300]).toEqual([path, true])
    lengths.push(lines)
  }
  expect(lengths.toSorted((a, b) => a - b)[Math.floor(lengths.length / 2)]).toBeLessThan(80)
})

test('the reference says what the code says', () => {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'scripts/reference.ts', '--check'], { cwd: root })
  expect([exitCode, stderr.toString()]).toEqual([0, ''])
})

test('every link between the documents leads somewhere', async () => {
  for await (const path of new Glob('{*.md,docs/**/*.md,bench/*.md}').scan(root)) {
    const text = await Bun.file(join(root, path)).text()
    for (const [, target = ''] of text.matchAll(/\]\(((?!https?:)[^)#]+)/g)) {
      expect([path, target, await Bun.file(join(root, path, '..', target)).exists()]).toEqual([path, target, true])
    }
  }
})

const shellcheck = Bun.which('shellcheck')
test.skipIf(!shellcheck)('the shell scripts are clean (needs shellcheck)', () => {
  const { exitCode, stdout } = Bun.spawnSync(
    [
      shellcheck ?? '',
      'manage_ports.sh',
      'scripts/bun',
      'scripts/prepare',
      'scripts/etcd',
      'scripts/compose',
      'scripts/compose-1',
      'scripts/next-debian',
      'scripts/debian-server',
      'test/systemd/boot',
      '.ci/run',
    ],
    { cwd: root },
  )
  expect([stdout.toString(), exitCode]).toEqual(['', 0])
})
