import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportNames } from '../../src/formats/export.ts'
import { Person, seed } from '../ports.fixture.ts'

const person = new Person()

test('every form is named by the help and written from the imported document', async () => {
  await person.ports('import', seed)
  const { out: help } = await person.ports('export', '--help')
  for (const name of exportNames) {
    expect(help).toContain(name)
    const { code, out } = await person.ports('export', '--format', name)
    expect([name, code]).toEqual([name, 0])
    // The dashboard stands in each, and so does its port.
    expect(out).toContain('3000')
  }
})

test('the domain stands in host names and links, and is nothing but a host name', async () => {
  expect((await person.ports('export', '--format', 'nginx', '--domain', 'Box.example')).out).toContain(
    'server_name iza-os-main-dashboard.box.example;',
  )
  expect((await person.ports('export', '--format', 'homepage', '--domain', 'box.example')).out).toContain(
    'href: http://box.example:3000/',
  )
  for (const domain of ['a;b', 'a b', '-a', '', 'a\nb']) {
    const { code, err } = await person.ports('export', '--format', 'nginx', '--domain', domain)
    expect([code, err]).toEqual([2, expect.stringContaining('domain: it is no host name')])
  }
})

test('the form goes into a file, and a file that cannot be written is told', async () => {
  const file = join(person.home, 'ports.env')
  const { code, out } = await person.ports('export', '--format', 'env', '--file', file)
  expect([code, out]).toEqual([0, `Written to ${file}\n`])
  expect(readFileSync(file, 'utf8')).toContain('IZA_OS_API_GATEWAY_PORT=3001\n')
  mkdirSync(join(person.home, 'folder'))
  const refused = await person.ports('export', '--format', 'env', '--file', join(person.home, 'folder'))
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('cannot be written')])
})

test('a form that is not there is told with those that are', async () => {
  const { code, err } = await person.ports('export', '--format', 'toml')
  expect([code, err]).toEqual([2, expect.stringContaining('nginx')])
})
