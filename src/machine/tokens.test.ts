import { afterEach, beforeEach, expect, test } from 'bun:test'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProblem } from '../core/problem.ts'
import { localTokens } from './tokens.ts'

let folder = ''
beforeEach(() => void (folder = join(mkdtempSync(join(tmpdir(), 'iza-ports-tokens-')), 'data', 'tokens')))
afterEach(() => rmSync(join(folder, '../..'), { recursive: true, force: true }))

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (isProblem(error)) return error.code
    throw error
  }
}

test('a token is made once for each owner, for this user alone, in a file that does not tell whose it is', async () => {
  const tokens = localTokens(folder)
  expect(await tokens.find('workspace:/shop')).toBeNull()
  const token = await tokens.keep('workspace:/shop')
  expect(token.text).toMatch(/^[\w-]{43}$/)
  expect(token.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await localTokens(folder).keep('workspace:/shop')).toEqual(token)
  expect((await tokens.keep('../../etc/passwd')).text).not.toBe(token.text)
  expect(tokens.read(token.text)).toEqual(token)
  const names = readdirSync(folder)
  expect(names).toHaveLength(2)
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}$/)
  expect([folder, ...names.map((name) => join(folder, name))].map((path) => statSync(path).mode & 0o777)).toEqual([
    0o700, 0o600, 0o600,
  ])
})

test('eight programs that ask at once for one owner get one token', async () => {
  const module = JSON.stringify(fileURLToPath(new URL('./tokens.ts', import.meta.url)))
  const code = `const { localTokens } = await import(${module}); console.log((await localTokens(process.argv[1]).keep('o')).text)`
  const programs = Array.from({ length: 8 }, () =>
    Bun.spawn([process.execPath, '-e', code, folder], { stdout: 'pipe', stderr: 'inherit' }),
  )
  const said = await Promise.all(programs.map(({ stdout }) => stdout.text()))
  expect(new Set(said).size).toBe(1)
  expect(said[0]).toMatch(/^[\w-]{43}\n$/)
  expect(readdirSync(folder)).toHaveLength(1)
}, 60_000)

test('a file that others can read, or that holds something else, proves nothing', async () => {
  const tokens = localTokens(folder)
  await tokens.keep('o')
  const [name = ''] = readdirSync(folder)
  chmodSync(join(folder, name), 0o644)
  expect(await codeOf(() => tokens.find('o'))).toBe('file-unreadable')
  chmodSync(join(folder, name), 0o600)
  writeFileSync(join(folder, name), 'secret\n')
  expect(await codeOf(() => tokens.keep('o'))).toBe('file-unreadable')
})

for (const text of ['', 'secret', 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}\u001b`]) {
  test(`${JSON.stringify(text)} is no token`, async () => {
    expect(await codeOf(() => localTokens(folder).read(text))).toBe('token-invalid')
  })
}
