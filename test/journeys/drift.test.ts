import { expect, test } from 'bun:test'
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DriftAnswer } from '../../src/operations/drift.ts'
import { Person, binary, seed } from '../ports.fixture.ts'

const person = new Person()
const shop = join(person.home, 'shop')
const tree = join(person.home, 'shop-next')
const at = (folder: string, ...words: string[]) => person.run([binary, ...words], folder)
const git = (folder: string, ...words: string[]) =>
  person.run(['git', '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], folder)

function write(folder: string, name: string, text: string): void {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const project: Readonly<Record<string, string>> = {
  '.gitignore': '.env\nlogs/\n!logs/keep\n',
  '.env': '# mine\nexport GRAFANA_PORT="3000" # dashboards\nPORT=4321\n',
  'docker-compose.yml':
    'services:\n  grafana:\n    image: grafana/grafana # keep this\n    ports: ["${GRAFANA_PORT:-3000}:3000"]\n',
  'package.json':
    '{\n  "name": "shop",\n  "scripts": { "dev": "vite --port 4321", "open": "GRAFANA_PORT=3000 open-dashboards" }\n}\n',
  'nginx/nginx.conf':
    'http {\n  upstream grafana { server 127.0.0.1:3000; }\n  server { listen 443; server_name grafana.example.org; }\n}\n',
  'docs/ports.md': '| Service | Port |\n| --- | --- |\n| Grafana | 3000 |\n',
  'node_modules/x/.env': 'GRAFANA_PORT=3000\n',
  'logs/old.env': 'GRAFANA_PORT=3000\n',
  'broken/compose.yml': 'services:\n  a: [\n',
  'broken/package.json': '{ "scripts": { "dev": } }\n',
}

test('a project whose files say other ports than the registry is told place by place', async () => {
  await person.ports('import', seed)
  for (const [name, text] of Object.entries(project)) write(shop, name, text)
  await git(shop, 'init', '-q')
  await git(shop, 'add', '-A')
  await git(shop, 'commit', '-qm', 'start')
  const { code, out } = await at(shop, 'drift')
  expect(code).toBe(1)
  for (const place of [
    '.env:2:22',
    'docker-compose.yml:4:30',
    'package.json:3:65',
    'nginx/nginx.conf:2:39',
    'docs/ports.md:3:13',
  ])
    expect(out).toContain(`${place} says 3000, should say 3006`)
  expect(out).toContain('the variable GRAFANA_PORT means Grafana, which has 3006 in the registry')
  expect(out).toContain('5 numbers to mend')
  expect(out).toMatch(/broken\/compose\.yml:3:1 not understood/)
  expect(out).toMatch(/broken\/package\.json:1:23 not understood/)
  expect(out).not.toMatch(/node_modules|logs\/|443|4321/)
})

test('every port that is mentioned can be listed with whose it is', async () => {
  const { out } = await at(shop, 'drift', '--all')
  expect(out).toContain('.env:3:6 4321 no registered service')
  expect(out).toContain('.env:2:22 3000 Grafana')
})

test('the dry run shows what git can apply, and changes nothing', async () => {
  const { code, out } = await at(shop, 'drift', '--fix', '--dry-run')
  expect(code).toBe(1)
  expect(out).toContain('-export GRAFANA_PORT="3000" # dashboards\n+export GRAFANA_PORT="3006" # dashboards\n')
  expect(readFileSync(join(shop, '.env'), 'utf8')).toBe(project['.env'] ?? '')
  write(shop, '../drift.patch', out)
  expect((await git(shop, 'apply', '--check', '../drift.patch')).code).toBe(0)
})

test('nothing is mended without a yes where nobody can be asked', async () => {
  const { code, err } = await at(shop, 'drift', '--fix')
  expect([code, err]).toEqual([2, expect.stringContaining('--yes')])
})

test('a read-only file keeps every file as it was', async () => {
  const document = join(shop, 'docs/ports.md')
  chmodSync(document, 0o444)
  const { code, err } = await at(shop, 'drift', '--fix', '--yes')
  expect([code, err]).toEqual([3, expect.stringContaining('ports.md cannot be written: it is read-only')])
  expect((await git(shop, 'status', '--porcelain')).out).toBe('')
  expect(readFileSync(join(shop, '.env'), 'utf8')).toBe(project['.env'] ?? '')
  chmodSync(document, 0o644)
})

test('mended, the digits are new and all else is as it was, and nothing is left to say', async () => {
  chmodSync(join(shop, '.env'), 0o600)
  const dry = await person.run([binary, 'drift', '--fix', '--dry-run', '--json'], shop)
  const { code, out } = await at(shop, 'drift', '--fix', '--yes', '--json')
  const answer = JSON.parse(out) as DriftAnswer
  expect(code).toBe(0)
  expect(answer.diff).toBe((JSON.parse(dry.out) as DriftAnswer).diff)
  expect(answer.findings.every(({ mended }) => mended)).toBe(true)
  expect(readFileSync(join(shop, '.env'), 'utf8')).toBe((project['.env'] ?? '').replace('3000', '3006'))
  expect(statSync(join(shop, '.env')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(shop, 'docker-compose.yml'), 'utf8')).toBe(
    (project['docker-compose.yml'] ?? '').replace('-3000}', '-3006}'),
  )
  expect(await at(shop, 'drift')).toMatchObject({ code: 0, out: expect.stringContaining('No file says another port') })
})

test('a worktree that copied the env file of the main checkout is told', async () => {
  await git(shop, 'commit', '-qam', 'ports')
  await git(shop, 'worktree', 'add', '-q', tree)
  const main = Number((await at(shop, 'claim', 'web')).out)
  write(tree, '.env', `WEB_PORT=${main}\n`)
  const before = await at(tree, 'drift')
  expect([before.code, before.out]).toEqual([
    1,
    expect.stringContaining(`${main} is claimed for web @ ~/shop, which is another workspace's`),
  ])
  const own = Number((await at(tree, 'claim', 'web')).out)
  expect((await at(tree, 'drift')).out).toContain(`.env:1:10 says ${main}, should say ${own}`)
  expect((await at(tree, 'drift', '--fix', '--yes')).code).toBe(0)
  expect(readFileSync(join(tree, '.env'), 'utf8')).toBe(`WEB_PORT=${own}\n`)
})

test('links in a circle, large files and files that are not text are passed over and counted', async () => {
  const odd = join(person.home, 'odd')
  write(odd, 'ok/.env', 'GRAFANA_PORT=3000\n')
  write(odd, 'large/package.json', `{ "x": "${'a'.repeat(5 * 1024 * 1024)}" }`)
  write(odd, 'binary/.env', 'GRAFANA_PORT=3000\n\0')
  symlinkSync('..', join(odd, 'ok/loop'))
  symlinkSync('.env', join(odd, 'ok/.env.local'))
  const answer = JSON.parse((await at(odd, 'drift', '--json')).out) as DriftAnswer
  expect(answer.files).toEqual({ seen: 3, read: 1, large: 1, binary: 1, links: 2 })
  expect(answer.findings.map(({ file }) => file)).toEqual(['ok/.env'])
})

test('a folder that is not there is told', async () => {
  const { code, err } = await person.ports('drift', join(person.home, 'nowhere'))
  expect([code, err]).toEqual([2, expect.stringContaining('nowhere')])
})

test('one file can be looked at alone', async () => {
  const { out } = await at(join(person.home, 'odd'), 'drift', 'ok/.env')
  expect(out).toContain('ok/.env:1:14 says 3000, should say 3006')
})

test('a move takes the files of the workspace with it, or nothing happens', async () => {
  const moving = join(person.home, 'moving')
  const said = 'GRAFANA_PORT=3006\nPORT=3006\n'
  write(moving, '.env', said)
  write(moving, 'package.json', '{ "name": "moving" }\n')
  write(moving, 'docs/ports.md', '| Service | Port |\n| --- | --- |\n| Grafana | 3006 |\n')
  const words = ['move', 'Grafana', '3010', '--files', '--why', 'the block is full']
  expect((await at(moving, ...words)).code).toBe(2)
  const dry = await at(moving, ...words, '--dry-run')
  expect(dry.out).toContain('+GRAFANA_PORT=3010\n PORT=3006\n')
  expect((await at(moving, 'list')).out).toMatch(/3006.*Grafana\b/)
  chmodSync(join(moving, 'docs/ports.md'), 0o444)
  expect((await at(moving, ...words, '--yes')).code).toBe(3)
  expect((await at(moving, 'list')).out).toMatch(/3006.*Grafana\b/)
  expect(readFileSync(join(moving, '.env'), 'utf8')).toBe(said)
  chmodSync(join(moving, 'docs/ports.md'), 0o644)
  const done = await at(moving, ...words, '--yes')
  expect([done.code, done.out]).toEqual([
    0,
    expect.stringContaining('Grafana moved from 3006 to 3010, and the move is recorded'),
  ])
  expect(done.out).toContain(dry.out.slice(0, dry.out.indexOf('Grafana moved')))
  expect(readFileSync(join(moving, '.env'), 'utf8')).toBe('GRAFANA_PORT=3010\nPORT=3006\n')
  expect(readFileSync(join(moving, 'docs/ports.md'), 'utf8')).toContain('| 3010 |')
  expect(done.out).toContain('Look at .env:2:6 yourself')
  const left = await at(moving, 'drift')
  expect(left.out).toContain('.env:2:6 says 3006, should say 3010 (likely)')
  expect(left.out).not.toContain('.env:1')
})

const script = Bun.which('script')
test.skipIf(!script)('at a terminal the diff is shown and asked about (needs script, of util-linux)', async () => {
  const asked = join(person.home, 'asked')
  write(asked, '.env', 'GRAFANA_PORT=3000\n')
  for (const [typed, after] of [
    ['n', 'GRAFANA_PORT=3000\n'],
    ['y', 'GRAFANA_PORT=3010\n'],
  ]) {
    const terminal = Bun.spawn([script ?? '', '-qec', `${binary} drift --fix`, '/dev/null'], {
      cwd: asked,
      env: person.environment,
      stdin: 'pipe',
      stdout: 'pipe',
    })
    let seen = ''
    for await (const chunk of terminal.stdout) {
      const before = seen.includes('[y/N]')
      seen += Buffer.from(chunk).toString()
      if (!before && seen.includes('[y/N]')) await terminal.stdin.write(`${typed}\n`)
      await terminal.stdin.flush()
    }
    await terminal.stdin.end()
    expect(seen).toContain('+GRAFANA_PORT=3010')
    expect(seen).toContain('Replace 1 number in 1 file? [y/N]')
    expect(readFileSync(join(asked, '.env'), 'utf8')).toBe(after ?? '')
  }
})

const isRoot = process.getuid?.() === 0
const setpriv = Bun.which('setpriv')
test.skipIf(isRoot && !setpriv)(
  'a file that may not be read is told, and the others are read (root needs setpriv)',
  async () => {
    const secret = join(person.home, 'secret')
    write(secret, 'a/.env', 'GRAFANA_PORT=3000\n')
    write(secret, 'b/.env', 'GRAFANA_PORT=3000\n')
    chmodSync(join(secret, 'a/.env'), 0o000)
    chmodSync(person.home, 0o755)
    const registry = `sqlite://${person.home}/other/registry.db`
    mkdirSync(join(person.home, 'other'))
    chmodSync(join(person.home, 'other'), 0o777)
    const drop = isRoot ? [setpriv ?? '', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : []
    const { out } = await person.run([...drop, binary, 'drift', '--all', '--store', registry], secret)
    expect(out).toMatch(/a\/\.env not understood: .*permission denied/)
    expect(out).toContain('b/.env:1:14 3000')
  },
)

test('check inside a project tells what its files and its compose project do to the registry', async () => {
  const other = new Person()
  const store = join(other.home, 'shop')
  mkdirSync(store)
  await other.ports('reserve', 'Grafana', '3006')
  await other.ports('reserve', 'API', '3001')
  writeFileSync(join(store, 'package.json'), '{}')
  writeFileSync(join(store, '.env'), 'A=1\nGRAFANA_PORT=3000\n')
  writeFileSync(join(store, 'compose.yaml'), 'services:\n  web:\n    image: busybox\n    ports:\n      - "3001:80"\n')
  const here = await other.run([binary, 'check'], store)
  expect(here.out).toContain('error compose.yaml:5: web publishes 3001/tcp, which belongs to API [compose-clash]')
  expect(here.out).toContain('warning .env:2: a file says 3000: the variable GRAFANA_PORT means Grafana')
  expect([here.code, (await other.ports('check')).code]).toEqual([1, 0])
  const { out } = await other.ports('check', '--project', 'shop', '--format', 'github')
  expect(out).toContain('::warning file=shop/.env,line=2,title=drift::')
  expect(out).toContain('::error file=shop/compose.yaml,line=5,title=compose-clash::')
  await other.run([binary, 'accept', 'drift', 'Grafana', '--why', 'a test'], store)
  await other.run([binary, 'rule', 'set', 'compose-clash', 'off'], store)
  expect((await other.run([binary, 'check', '--strict'], store)).out).toBe(
    'Nothing is wrong; 1 finding accepted (--all).\n',
  )
  await other.run([binary, 'rule', 'set', 'compose-clash', 'preset'], store)
  writeFileSync(join(store, 'compose.yaml'), 'services:\n  web: [\n')
  expect((await other.run([binary, 'check'], store)).out).toMatch(
    /^error compose\.yaml:\d: the project cannot be read: /m,
  )
  expect((await other.ports('check', '--project', 'nowhere')).code).toBe(2)
  expect((await other.ports('check', 'ports.md', '--project', 'shop')).code).toBe(2)
})
