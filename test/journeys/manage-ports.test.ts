import { afterAll, expect, test } from 'bun:test'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Person, serverCommand } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const root = join(import.meta.dir, '../..')
const temporary = mkdtempSync(join(tmpdir(), 'iza-ports-clone-'))
const clone = join(temporary, 'a clone')
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

/** What a clone of the repository would hold: no node_modules, no dist. */
for (const name of [
  'src',
  'scripts',
  'seed',
  'manage_ports.sh',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]) {
  cpSync(join(root, name), join(clone, name), { recursive: true })
}

const person = new Person()
const manage = (...words: string[]) => person.run([join(clone, 'manage_ports.sh'), ...words], '/')

/** The folders of PATH, less those that hold Node or npm, plus whatever else stands beside them as links. */
function pathWithoutNode(more: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(temporary, 'path-'))
  for (const name of ['sh', 'dirname', 'readlink', 'find', 'head', 'mktemp', 'cat', 'rm', 'touch'])
    symlinkSync(Bun.which(name) ?? '', join(folder, name))
  for (const [name, script] of Object.entries(more)) writeFileSync(join(folder, name), script, { mode: 0o755 })
  return folder
}

test('without Node it says what to install', async () => {
  const other = new Person({ PATH: pathWithoutNode() })
  const { code, out, err } = await other.run([join(clone, 'manage_ports.sh')])
  expect([code, out]).toEqual([3, ''])
  expect(err).toContain('needs Node.js 20 or later, with npm, to install itself, and found none')
})

test('with a Node that is too old it says so', async () => {
  const node = '#!/bin/sh\n[ "$1" = --version ] && echo v18.20.0 || echo 18\n'
  const other = new Person({ PATH: pathWithoutNode({ node, npm: '#!/bin/sh\n' }) })
  const { code, err } = await other.run([join(clone, 'manage_ports.sh')])
  expect(code).toBe(3)
  expect(err).toContain('needs Node.js 20 or later to install itself, and found v18.20.0')
})

test('on a fresh clone in an empty home it installs, builds, loads the table and shows the board', async () => {
  const { code, out, err } = await manage()
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(/^Installing .* \(once\) \.\.\.\nBuilding .* \(once\) \.\.\.\n$/),
  ])
  expect(out).toContain('40 services')
}, 300_000)

test('the second time it neither installs nor builds, and needs no Node', async () => {
  const { code, out, err } = await manage()
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('IZA OS Main Dashboard')
  const other = new Person({ PATH: pathWithoutNode() })
  expect((await other.run([join(clone, 'manage_ports.sh')])).out).toContain('40 services')
})

test('it works through symbolic links, from any folder', async () => {
  const bin = join(temporary, 'bin')
  mkdirSync(bin)
  symlinkSync(join(clone, 'manage_ports.sh'), join(bin, 'first'))
  symlinkSync('first', join(bin, 'second'))
  const { code, out } = await person.run([join(bin, 'second')], '/')
  expect([code, out.includes('40 services')]).toEqual([0, true])
})

test('the four commands do what the user wrote', async () => {
  const port = String(freePort())
  expect((await manage('start_service', 'Service Name', port, serverCommand())).out).toContain(
    `Service Name listens on ${port}`,
  )
  expect((await manage('kill_port', port)).out).toContain(`${port} is free.`)
  expect((await manage('kill_port', port)).code).toBe(0)
  expect((await manage('start_service', 'Another Name', '3000', 'true')).err).toContain(
    'it belongs to IZA OS Main Dashboard',
  )
  expect((await manage('who', '3000')).out).toContain('3000 belongs to IZA OS Main Dashboard')
})

test('a registry that the user changed is not overwritten by the table', async () => {
  await manage('release', 'Grafana')
  await manage()
  expect((await manage('list')).out).not.toContain('Grafana')
})

test('changed sources are built again', async () => {
  const past = await Bun.file(join(clone, 'src/cli/show/runs.ts')).text()
  writeFileSync(join(clone, 'src/cli/show/runs.ts'), past)
  expect((await manage()).err).toBe('Building the ports program (once) ...\n')
  expect((await manage()).err).toBe('')
}, 120_000)
