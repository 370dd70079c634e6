import { expect, test } from 'bun:test'
import type { Container } from './container.ts'
import { identifyContainer, identifyUnit } from './identify.ts'

const container = (given: Partial<Container>): Container => ({
  engine: 'docker',
  id: '0'.repeat(64),
  name: 'shop-x-1',
  image: 'example/own:1',
  project: 'shop',
  service: 'x',
  label: null,
  folder: null,
  pid: null,
  published: [],
  ...given,
})
const who = (service: string, given: Partial<Container>) => identifyContainer(service, container(given))?.service

test('a container is the service that its label, its compose service, its name or its image says', () => {
  expect(who('Web Shop', { label: 'web shop' })).toBe('Web Shop')
  expect(who('Web Shop', { service: 'web-shop' })).toBe('Web Shop')
  expect(who('Web Shop', { name: 'web_shop' })).toBe('Web Shop')
  expect(who('Web Shop', { image: 'example/webshop:2' })).toBe('Web Shop')
  expect(who('Redis Cache', { image: 'valkey/valkey:8' })).toBe('Redis Cache')
})

test('a label of another service and the image of another known program contradict', () => {
  expect(who('Web Shop', { label: 'Docs', service: 'web-shop' })).toBe('Docs')
  expect(who('PostgreSQL', { image: 'redis:7' })).toBeNull()
})

test('nothing is said where nothing tells', () => {
  expect(who('Web Shop', {})).toBeUndefined()
  expect(who('Web Shop', { image: 'redis:7' })).toBeUndefined()
  expect(who('PostgreSQL', { service: 'db' })).toBeUndefined()
})

test.each([
  ['PostgreSQL', 'postgresql@15-main.service', 'PostgreSQL'],
  ['Redis Cache', 'redis-server.service', 'Redis Cache'],
  ['Web Shop', 'web-shop.service', 'Web Shop'],
  ['PostgreSQL', 'redis.service', null],
  ['PostgreSQL', 'db.service', undefined],
  ['Web Shop', 'nginx.service', undefined],
] as const)('%s and %s', (service, unit, expected) => {
  expect(identifyUnit(service, unit)?.service).toBe(expected as string)
})
