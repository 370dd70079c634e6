import { expect, test } from 'bun:test'
import { looksLikeCompose } from './detect.ts'
import { readProjectNames, readPublishers } from './engine-json.ts'

// As Compose 2.26 prints them, shortened.
const container =
  '{"Service":"web","State":"running","Publishers":[{"URL":"127.0.0.1","TargetPort":80,"PublishedPort":3000,"Protocol":"tcp"},{"URL":"","TargetPort":81,"PublishedPort":0,"Protocol":"tcp"}]}'

test('reads projects, and takes nothing for one that a command line could mistake', () => {
  expect(readProjectNames('[{"Name":"shop","Status":"running(2)"},{"Name":"--help"},{"Name":7}]')).toEqual(['shop'])
  expect(readProjectNames('nonsense')).toEqual([])
})

test('reads containers as lines and as one list', () => {
  const expected = [{ project: 'p', service: 'web', hostIp: '127.0.0.1', port: 3000, protocol: 'tcp' }]
  expect(readPublishers(container, 'p')).toEqual(expected)
  expect(readPublishers(`[${container}]`, 'p')).toEqual(expected)
  expect(readPublishers(`${container}\n${container.replace('3000', '3001')}\n`, 'p').map(({ port }) => port)).toEqual([
    3000, 3001,
  ])
  expect(readPublishers(container.replace('127.0.0.1', 'any where'), 'p')[0]?.hostIp).toBe('*')
  expect(readPublishers('{"Service":"db","Publishers":null}', 'p')).toEqual([])
})

test('a compose file is told from an exported registry', () => {
  expect(looksLikeCompose('name: x\nservices:\n  a: {}\n')).toBe(true)
  expect(looksLikeCompose('include:\n  - a.yaml\n')).toBe(true)
  expect(looksLikeCompose('schema: 1\nhost: box\nservices: []\n')).toBe(false)
  expect(looksLikeCompose('x:\n  services: []\n')).toBe(false)
})
