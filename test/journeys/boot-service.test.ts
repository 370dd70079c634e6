import { expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary } from '../ports.fixture.ts'

const unit = (person: Person): string => join(person.home, '.config/systemd/user/iza-ports.service')

/** A `systemctl` that notes what it is told; no machine of tests has a systemd of the user's. */
function manager(person: Person, code: number): () => string[] {
  const folder = join(person.home, 'bin')
  const told = join(person.home, 'told')
  mkdirSync(folder)
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\necho "$@" >> "${told}"\necho "no bus here" >&2\nexit ${code}\n`)
  chmodSync(join(folder, 'systemctl'), 0o755)
  person.environment.PATH = `${folder}:${person.environment.PATH}`
  return () => readFileSync(told, 'utf8').trim().split('\n')
}

test('where no systemd answers, the unit is printed and never written', async () => {
  const person = new Person({ IZA_PORTS_STORE: 'sqlite:///tmp/a%20b.db' })
  manager(person, 1)
  const dry = await person.ports('service', 'install', '--dry-run')
  expect([dry.code, dry.out]).toEqual([0, expect.stringContaining(`ExecStart="${binary}" serve\n`)])
  expect(dry.out).toContain('Environment="IZA_PORTS_STORE=sqlite:///tmp/a%%20b.db"\n')
  person.environment.IZA_PORTS_STORE = ''
  const { code, err } = await person.ports('service', 'install')
  expect([code, err]).toEqual([3, expect.stringContaining('systemctl --user says: no bus here\nNothing was written.')])
  expect(existsSync(unit(person))).toBe(false)
  const status = await person.ports('service', 'status')
  expect([status.code, status.out]).toEqual([1, expect.stringContaining('is not there')])
  expect((await person.ports('service', 'uninstall')).code).toBe(1)
  person.environment.IZA_PORTS_HOME = `${person.home}/a\nExecStart=x`
  expect((await person.ports('service', 'install', '--dry-run')).err).toContain(
    'IZA_PORTS_HOME holds control characters',
  )
  person.environment.IZA_PORTS_HOME = ''
})

test('where one answers, the unit is printed, written for its owner alone, enabled, and taken away again', async () => {
  const person = new Person()
  const told = manager(person, 0)
  const { code, err } = await person.ports('service', 'install')
  const text = readFileSync(unit(person), 'utf8')
  expect([code, err]).toEqual([0, expect.stringContaining(text.trimEnd())])
  expect(statSync(unit(person)).mode & 0o777).toBe(0o600)
  expect((await person.ports('service', 'status')).code).toBe(0)
  writeFileSync(unit(person), `${text}# mine\n`)
  expect((await person.ports('service', 'status')).out).toContain('differs from what would be written now')
  expect((await person.ports('service', 'uninstall')).code).toBe(0)
  expect(existsSync(unit(person))).toBe(false)
  expect(told().filter((line) => !/show-environment|is-active/.test(line))).toEqual([
    '--user daemon-reload',
    '--user --quiet enable --now iza-ports.service',
    '--user --quiet disable --now iza-ports.service',
    '--user daemon-reload',
  ])
})
