import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary, seed } from '../ports.fixture.ts'

const person = new Person()
const project = join(person.home, 'stack')
mkdirSync(project)
const at = (...words: string[]) => person.run([binary, ...words], project)
const override = join(project, 'docker-compose.override.yml')
const compose = `services:
  grafana:
    image: grafana/grafana
    ports: ["3000:3000"]
  redis:
    image: redis:7
    ports:
      - "6379:6379"
  something:
    image: example.org/own
    ports: ["127.0.0.1:7777:80"]
`

test('a folder without a compose file is told', async () => {
  const { code, err } = await at('compose')
  expect([code, err]).toEqual([2, expect.stringContaining('there is no compose file in')])
})

test('the override moves what the registry says otherwise, and nothing else', async () => {
  await person.ports('import', seed)
  writeFileSync(join(project, 'docker-compose.yml'), compose)
  const dry = await at('compose', '--dry-run')
  expect(dry.out).toContain('grafana: 3000 -> 3006')
  expect(await Bun.file(override).exists()).toBe(false)
  const { code, out } = await at('compose')
  expect([code, out]).toEqual([0, expect.stringContaining(`Written to ${override}`)])
  const text = readFileSync(override, 'utf8')
  expect(text).toContain('ports: !override\n      - "3006:3000"\n')
  expect(text).not.toContain('redis:\n')
  expect(text).not.toContain('7777')
})

test('written again it is the same, and our own file is not taken for the person’s', async () => {
  const before = readFileSync(override, 'utf8')
  expect((await at('compose')).code).toBe(0)
  expect(readFileSync(override, 'utf8')).toBe(before)
})

test('an override of a person is left as it is', async () => {
  writeFileSync(override, 'services:\n  redis:\n    environment: { A: "1" }\n')
  const { code, err } = await at('compose')
  expect([code, err]).toEqual([1, expect.stringContaining('was written by somebody else')])
  expect(readFileSync(override, 'utf8')).toContain('environment')
})

test('for an old Compose one merged file is written', async () => {
  const { code, out } = await at('compose', 'docker-compose.yml', '--standalone')
  expect([code, out]).toEqual([0, expect.stringContaining('docker-compose.ports.yml')])
  expect(readFileSync(join(project, 'docker-compose.ports.yml'), 'utf8')).toContain('3006:3000')
})

test('broken YAML is told with file, line and column', async () => {
  writeFileSync(join(project, 'broken.yml'), 'services:\n  a:\n   - b\n  c: [\n')
  const { code, err } = await at('compose', 'broken.yml')
  expect([code, err]).toEqual([2, expect.stringMatching(/broken\.yml:\d+:\d+: /)])
})
