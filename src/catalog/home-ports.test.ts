import { expect, test } from 'bun:test'
import { isHomePort } from './home-ports.ts'

test('knows by its words the port that a service has everywhere', () => {
  expect(isHomePort('Redis Cache', 6379)).toBe(true)
  expect(isHomePort('redis-cache', 6379)).toBe(true)
  expect(isHomePort('Redistribution', 6379)).toBe(false)
  expect(isHomePort('Redis Cache', 6380)).toBe(false)
  expect(isHomePort('IZA Dashboard', 3000)).toBe(false)
})

test('the longest words decide, and words of one length all count', () => {
  expect(isHomePort('Redis Commander', 8081)).toBe(true)
  expect(isHomePort('Redis Commander', 6379)).toBe(false)
  expect([25, 993, 22].map((port) => isHomePort('Mail', port))).toEqual([true, true, false])
})
