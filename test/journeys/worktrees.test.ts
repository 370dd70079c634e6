import { expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary } from '../ports.fixture.ts'
import type { Ran } from '../ports.fixture.ts'

const person = new Person()
const shop = join(person.home, 'shop')
const fix = join(person.home, 'shop-fix')
const at = (folder: string, ...words: string[]): Promise<Ran> => person.run([binary, ...words], folder)

test('a worktree whose env files carry the ports of the main checkout is told so by claim, run and env', async () => {
  mkdirSync(shop)
  const git = ['git', '-c', 'user.name=A', '-c', 'user.email=a@example.org']
  for (const words of [
    ['init', '-q'],
    ['commit', '-q', '--allow-empty', '-m', 'first'],
    ['worktree', 'add', '-q', fix],
  ])
    expect((await person.run([...git, ...words], shop)).code).toBe(0)
  const port = (await at(shop, 'claim', 'web')).out.trim()
  await at(shop, 'env', '--write', '.env.local')
  writeFileSync(join(shop, '.env'), `# ours\nexport PORT="${port}"\nDATABASE_PORT=5432\n`)
  expect((await at(shop, 'claim', 'web')).err).toBe('')

  for (const name of ['.env', '.env.local']) copyFileSync(join(shop, name), join(fix, name))
  const block = readFileSync(join(fix, '.env.local'), 'utf8')
    .split('\n')
    .findIndex((line) => line.startsWith('WEB_PORT='))
  const warnings =
    `ports: ${fix}/.env:2: PORT=${port} is the port of web @ ~/shop; write this workspace's own with: ports env --write .env\n` +
    `ports: ${fix}/.env.local:${block + 1}: WEB_PORT=${port} is the port of web @ ~/shop; write this workspace's own with: ports env --write .env.local\n`
  const claimed = await at(fix, 'claim', 'web')
  expect([claimed.code, claimed.err]).toEqual([0, warnings])
  expect(claimed.out).not.toBe(`${port}\n`)
  expect((await at(fix, 'env')).err).toBe(warnings)
  expect(await at(fix, 'run', '--', 'sh', '-c', 'echo $PORT')).toEqual({ code: 0, out: claimed.out, err: warnings })

  await at(fix, 'env', '--write', '.env.local')
  const [first] = warnings.split(/(?<=\n)/)
  expect((await at(fix, 'claim', 'web')).err).toBe(first ?? '')
  expect(readFileSync(join(fix, '.env.local'), 'utf8')).toContain(`WEB_PORT=${claimed.out}`)
})

test('a folder called .env, as Python has them, disturbs nobody', async () => {
  const folder = join(person.home, 'python')
  mkdirSync(join(folder, '.env'), { recursive: true })
  writeFileSync(join(folder, 'pyproject.toml'), '')
  expect(await at(folder, 'claim', 'web')).toMatchObject({ code: 0, err: '' })
})
