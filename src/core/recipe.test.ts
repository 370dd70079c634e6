import { expect, test } from 'bun:test'
import { isProblem } from './problem.ts'
import { plainRecipe, startWaves } from './recipe.ts'
import type { Recipe } from './recipe.ts'

/** `web <- api db` is a service that waits for two. */
function recipes(...lines: string[]): Recipe[] {
  return lines.map((line) => {
    const [service = '', after = ''] = line.split(' <- ')
    return { ...plainRecipe(service, 'true', '/'), after: after === '' ? [] : after.split(' ') }
  })
}

const waves = (of: Recipe[], ...wanted: string[]): string[][] =>
  startWaves(of, wanted).map((wave) => wave.map(({ service }) => service))

function problemOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return isProblem(error) ? [error.code, error.facts] : error
  }
  return null
}

test('starts what is waited for first, all that can at once, and nothing else', () => {
  const all = recipes('web <- api cache', 'api <- db', 'db', 'cache', 'other')
  expect(waves(all, 'web')).toEqual([['db', 'cache'], ['api'], ['web']])
  expect(waves(all, 'DB', 'other')).toEqual([['db', 'other']])
  expect(waves(all)).toEqual([])
})

test('shows the services that wait for each other, and none beside them', () => {
  expect(problemOf(() => waves(recipes('a <- b', 'b <- c', 'c <- b'), 'a'))).toEqual([
    'start-cycle',
    { services: ['b', 'c', 'b'] },
  ])
  expect(problemOf(() => waves(recipes('a <- A'), 'a'))).toEqual(['start-cycle', { services: ['a', 'a'] }])
})

test('names the service that has no recipe and who needs it', () => {
  expect(problemOf(() => waves(recipes('a <- b'), 'a'))).toEqual(['recipe-missing', { service: 'b', neededBy: 'a' }])
  expect(problemOf(() => waves([], 'x'))).toEqual(['recipe-missing', { service: 'x', neededBy: null }])
})
