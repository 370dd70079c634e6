import { afterAll, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const person = new Person()
const project = join(person.home, 'shop')
mkdirSync(project)
const at = (...words: string[]) => person.run([binary, ...words], project)
const file = (text: string, name = 'compose.yaml'): void => writeFileSync(join(project, name), text)

const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
afterAll(() => server.stop(true))

/** A program in the way of the real Compose, for what no Compose at hand does. */
function standIn(script: string): Person {
  const other = new Person()
  const folder = join(other.home, 'bin')
  mkdirSync(folder)
  for (const name of ['docker', 'docker-compose']) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  other.environment.PATH = `${folder}:${other.environment.PATH}`
  return other
}

test('a project is imported as a plan first, then for real, and a second time changes nothing', async () => {
  const [web, debug] = [freePort(), freePort()]
  file(`services:
  web:
    image: nginx
    ports: ["${web}:80", "80"]
  debug:
    image: x
    labels: { iza.ports.service: Shop Debugger }
    ports: ["127.0.0.1:${debug}:9229/udp"]
`)
  const dry = await at('import', 'compose.yaml', '--dry-run')
  expect(dry.out).toContain('2 services')
  expect(dry.out).toContain(`give ${web}/tcp to web`)
  expect(dry.out).toContain('line 4: the engine picks a free port at each start (web: a free port for 80)')
  expect((await at('list')).out).toBe('No service is registered.\n')
  expect((await at('import', 'compose.yaml')).code).toBe(0)
  expect((await at('import', 'compose.yaml')).out).toContain('The registry says all of that already.')
  expect((await at('list', '--json')).out).toContain('"service": "Shop Debugger"')
  const { code, out } = await at('compose', 'check')
  expect([code, out]).toEqual([0, expect.stringContaining('shop would get all its 2 ports.')])
})

test('who is in the way is named before up: the registry, a listener, a service of the project itself', async () => {
  const [owned, twice] = [freePort(), freePort()]
  await at('reserve', 'Billing', `${owned}`)
  file(`services:
  a:
    ports: ["${owned}:80"]
  b:
    ports: ["${server.port}:80"]
  c:
    ports: ["${twice}:80"]
  d:
    ports: ["127.0.0.1:${twice}:80"]
`)
  const { code, out } = await at('compose', 'check')
  expect(code).toBe(1)
  expect(out).toContain(`compose.yaml:3: a publishes ${owned}/tcp, which belongs to Billing\n`)
  expect(out).toMatch(
    new RegExp(`compose.yaml:5: b publishes ${server.port}/tcp, which is held by .*bun.* \\(pid ${process.pid}\\)\\n`),
  )
  expect(out).toContain(`ports who ${server.port}`)
  expect(out).toContain(`compose.yaml:9: d and c of this project both publish ${twice}/tcp\n`)
  expect(out).toContain('shop would not start as it is: 3 obstacles.')
  const { obstacles } = JSON.parse((await at('compose', 'check', '--json')).out) as { obstacles: { kind: string }[] }
  expect(obstacles.map(({ kind }) => kind)).toEqual(['registry', 'listener', 'project'])
})

test('the override that we wrote counts, since up would read it', async () => {
  const [old, promised] = [freePort(), freePort()]
  await at('reserve', 'Other', `${old}`)
  await at('reserve', 'Shop Front', `${promised}`)
  file(`services:\n  shop-front:\n    image: x\n    ports: ["${old}:80"]\n`)
  const before = await at('compose', 'check')
  expect([before.code, before.out]).toEqual([1, expect.stringContaining(`The registry has ${promised} for it`)])
  expect((await at('compose')).code).toBe(0)
  const after = await at('compose', 'check')
  expect([after.code, after.out]).toEqual([0, expect.stringContaining('shop would get its port.')])
})

test('profiles, a name and files of variables are taken as Compose takes them', async () => {
  file('services:\n  web:\n    image: x\n    profiles: [debug]\n    ports: ["${WEB_PORT}:80"]\n', 'more.yaml')
  file(`WEB_PORT=${server.port}\n`, 'more.env')
  const idle = await at('compose', 'check', 'more.yaml')
  expect([idle.code, idle.out]).toEqual([
    0,
    expect.stringContaining('the variable WEB_PORT has no value and no default'),
  ])
  const words = ['--profile', 'debug', '--profile', 'other', '--env-file', 'more.env', '--project-name', 'named']
  const { code, out } = await at('compose', 'check', 'more.yaml', ...words)
  expect([code, out]).toEqual([1, expect.stringContaining('named would not start as it is: 1 obstacle.')])
})

test('bad files are told with file, line and column, and nothing is written', async () => {
  const bad: readonly (readonly [string, string])[] = [
    ['services: [\n', 'bad.yaml:2:1: '],
    ['services:\n  a:\n    ports: ["http:80"]\n', "bad.yaml:3:13: service a: 'http' is not a published port"],
    ['services:\n  a: {extends: b}\n  b: {extends: a}\n', 'bad.yaml:2:6: it extends in a circle'],
    ['services:\n  a:\n    ports: ["${P:?say it}:80"]\n', 'bad.yaml:3:13: the variable P is required: say it'],
    [
      `${Array.from({ length: 9 }, (_, level) => `x-${level}: &l${level} [${level ? `*l${level - 1},`.repeat(10) : '1,1'}]\n`).join('')}services: {}\n`,
      'its aliases stand for',
    ],
  ]
  for (const [text, says] of bad) {
    file(text, 'bad.yaml')
    for (const words of [
      ['compose', 'bad.yaml'],
      ['compose', 'check', 'bad.yaml'],
      ['import', 'bad.yaml'],
    ]) {
      const { code, err } = await at(...words)
      expect([words, code, err]).toEqual([words, 2, expect.stringContaining(says)])
    }
  }
})

test('tags that nobody knows are kept out of the way, and five megabytes are read', async () => {
  const many = Array.from(
    { length: 40_000 },
    (_, index) =>
      `  s${index}:\n    image: registry.example/team/a-rather-long-image-name-${index}:latest\n    labels: {of.the.project: "number ${index}"}\n`,
  )
  file(
    `services:\n  web:\n    x-own: !mine {a: 1}\n    image: x\n    ports: !list ["${server.port}:80"]\n${many.join('')}`,
    'big.yaml',
  )
  const { code, out } = await at('compose', 'check', 'big.yaml')
  expect([code, out]).toEqual([1, expect.stringContaining(`big.yaml:5: web publishes ${server.port}/tcp`)])
}, 120_000)

test('a folder that cannot be written is told, and the registry stays as it was', async () => {
  const promised = freePort()
  await at('reserve', 'Read Only', `${promised}`)
  file('services:\n  read-only:\n    image: x\n    ports: ["1234:80"]\n', 'ro.yaml')
  rmSync(join(project, 'docker-compose.override.yml'), { force: true })
  // Root may write anything but a file system that is mounted to be read.
  const mounted = 'mount --bind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD" && cd "$PWD"'
  const root = process.getuid?.() === 0
  const words = root
    ? ['unshare', '-m', 'sh', '-c', `${mounted} && exec "${binary}" compose ro.yaml`]
    : [binary, 'compose', 'ro.yaml']
  if (!root) chmodSync(project, 0o500)
  const { code, err } = await person.run(words, project)
  chmodSync(project, 0o700)
  expect([code, err]).toEqual([3, expect.stringMatching(/docker-compose\.override\.yml cannot be written/)])
  expect((await at('list')).out).toContain(`${promised}`)
})

test('a Compose that is too old for an override is named, and one merged file is written instead', async () => {
  const other = standIn('echo 1.29.2')
  const folder = join(other.home, 'old')
  mkdirSync(folder)
  await other.ports('reserve', 'Web', '4001')
  writeFileSync(join(folder, 'docker-compose.yml'), 'services:\n  web:\n    image: x\n    ports: ["3000:80"]\n')
  const refused = await other.run([binary, 'compose'], folder)
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('Compose 1 fails on the tag')])
  expect(refused.err).toContain('ports compose --standalone')
  const { code, out } = await other.run([binary, 'compose', '--standalone'], folder)
  expect([code, out]).toEqual([0, expect.stringContaining('-p old -f docker-compose.ports.yml up -d')])
  expect(readFileSync(join(folder, 'docker-compose.ports.yml'), 'utf8')).toContain('4001:80')
})

test('a Compose that would publish the old port too is caught before anything is written', async () => {
  const both =
    '{"name":"p","services":{"web":{"image":"x","ports":[{"target":80,"published":"3000","protocol":"tcp","mode":"ingress"},{"target":80,"published":"4001","protocol":"tcp","mode":"ingress"}]}}}'
  const one =
    '{"name":"p","services":{"web":{"image":"x","ports":[{"target":80,"published":"3000","protocol":"tcp","mode":"ingress"}]}}}'
  const other = standIn(
    `case "$*" in *version*) echo 2.30.0 ;; *"-f -"*) echo '${both}' ;; *config*) echo '${one}' ;; *) exit 1 ;; esac`,
  )
  const folder = join(other.home, 'p')
  mkdirSync(folder)
  await other.ports('reserve', 'Web', '4001')
  writeFileSync(join(folder, 'compose.yaml'), 'services:\n  web:\n    image: x\n    ports: ["3000:80"]\n')
  const { code, err } = await other.run([binary, 'compose'], folder)
  expect([code, err]).toEqual([
    3,
    expect.stringContaining('docker compose 2.30.0 would not publish what the registry says'),
  ])
  expect(err).toContain('web 3000 for 80/tcp is published too')
  expect(await Bun.file(join(folder, 'docker-compose.override.yml')).exists()).toBe(false)
})
