import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Up } from '../../src/operations/up.ts'
import { freePort } from '../free-port.fixture.ts'
import { Person, serverCommand } from '../ports.fixture.ts'
import { SupervisedPerson } from '../supervisor.fixture.ts'

test('the port of a recipe counts until the registry has one, which a move changes', async () => {
  const person = new Person()
  const [first, moved] = [freePort(), freePort()]
  await person.ports('edit', 'A', '--command', `exec ${serverCommand()}`, '--port', String(first))
  expect((await person.ports('start', 'A')).out).toContain(`A listens on ${first}`)
  expect((await person.ports('stop', 'A')).code).toBe(0)
  await person.ports('move', 'A', String(moved), '--why', 'test')
  expect((await person.ports('up')).out).toMatch(new RegExp(`^A +${moved} +up after`))
  expect((await person.ports('restart', 'A')).out).toContain(`A listens on ${moved}`)
  expect((await person.ports('start', 'A', String(first))).err).toContain(`A belongs on ${moved}, not on ${first}`)
})

test('who asks to be brought back is told when nobody would do it', async () => {
  const person = new SupervisedPerson()
  const recipe = { port: freePort(), command: `exec ${serverCommand()}`, restart: 'always' }
  writeFileSync(join(person.home, 'services.yaml'), JSON.stringify({ services: { A: recipe } }))
  const unkept = async (...words: string[]): Promise<Up['unkept']> => (await person.json<Up>('up', ...words)).unkept
  expect(await unkept('--file', 'services.yaml')).toBe('other-file')
  expect((await person.ports('import', 'services.yaml')).code).toBe(0)
  expect([await unkept('--file', 'services.yaml'), await unkept()]).toEqual(['no-supervisor', 'no-supervisor'])
  await person.serve().says(/A is adopted/)
  expect(await unkept()).toBeNull()
  await person.ports('edit', 'A', '--restart', '')
  expect(await unkept('--file', 'services.yaml')).toBe('other-file')
})

test('a service that is started alone is told whom it waits for, unless somebody listens there', async () => {
  const person = new Person()
  const [db, web] = [freePort(), freePort()]
  await person.ports('edit', 'DB', '--command', `exec ${serverCommand()}`, '--port', String(db))
  await person.ports('edit', 'Web', '--command', `exec ${serverCommand()}`, '--port', String(web), '--after', 'db')
  const alone = await person.ports('start', 'Web')
  expect([alone.code, alone.err]).toEqual([
    0,
    expect.stringContaining('Web waits for db, and nobody listens there: ports up "Web" starts both'),
  ])
  expect((await person.ports('start', 'DB')).code).toBe(0)
  expect((await person.ports('restart', 'Web')).err).toBe('')
})

test('a service is told the ports of those it needs, where they are now, and one without a port is named', async () => {
  const person = new Person()
  const [db, web, moved] = [freePort(), freePort(), freePort()]
  const echo = serverCommand('process.env.PORT').replace('"hello"', 'process.env.DB + " " + process.argv.at(-1)')
  const services = {
    Web: {
      port: web,
      command: `exec ${echo} {port of my db}`,
      environment: { DB: 'db://127.0.0.1:{port of My DB}/{port}' },
      depends_on: ['My DB'],
    },
    'My DB': { port: db, command: `exec ${serverCommand()}` },
    Lost: { port: freePort(), command: 'x {port of My BD}' },
  }
  writeFileSync(join(person.home, 'services.yaml'), JSON.stringify({ services }))
  const answer = async (): Promise<string> => await (await fetch(`http://127.0.0.1:${web}`)).text()
  const up = await person.ports('up', '--file', 'services.yaml')
  expect([up.code, up.out]).toEqual([
    1,
    expect.stringMatching(
      /Lost cannot be started: it names the port of 'My BD', which has none\n[^]*mean \{port of My DB\}/,
    ),
  ])
  expect(await answer()).toBe(`db://127.0.0.1:${db}/${web} ${db}`)
  expect((await person.ports('import', 'services.yaml')).code).toBe(1)
  const move = await person.ports('move', 'My DB', String(moved), '--why', 'test')
  expect(move.out).toContain('What runs goes on as it was started: ports restart "My DB" and ports restart "Web"\n')
  await person.ports('down')
  expect((await person.ports('move', 'My DB', String(db))).out).toBe(`My DB moved from ${moved} to ${db}.\n`)
  await person.ports('move', 'My DB', String(moved))
  expect((await person.json<Up>('up', 'Web', '--file', 'services.yaml')).services).toMatchObject([
    { service: 'My DB', port: moved, outcome: 'started' },
    { service: 'Web', port: web, outcome: 'started' },
  ])
  expect(await answer()).toBe(`db://127.0.0.1:${moved}/${web} ${moved}`)
})
