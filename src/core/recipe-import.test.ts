import { expect, test } from 'bun:test'
import { host, registryOf } from './compose-plan.fixture.ts'
import { port } from './port.ts'
import { planRecipes } from './recipe-import.ts'
import type { RecipeDraft } from './recipe-import.ts'
import { plainRecipe } from './recipe.ts'
import type { Recipe } from './recipe.ts'

function draft(service: string, number: number | null, more: Partial<RecipeDraft> = {}): RecipeDraft {
  const says = { command: `run ${service}`, cwd: '/srv' }
  return {
    line: 1,
    service,
    says,
    tags: ['all'],
    description: '',
    port: number === null ? null : port(number),
    fixed: false,
    ...more,
  }
}

/** One line for each recipe and each line that was not used. */
function planned(
  drafts: RecipeDraft[],
  services: Record<string, number[]> = {},
  own: Recipe[] = [],
  replace = false,
): string[] {
  const plan = planRecipes({ services: drafts, unused: [] }, registryOf(services), host, own, replace)
  const registered = new Set(plan.document.services.map(({ name }) => name))
  return [
    ...plan.recipes.map(
      ({ service, port: number, outcome }) =>
        `${service} ${number} ${outcome}${registered.has(service) ? ' registered' : ''}`,
    ),
    ...plan.document.unused.map(({ text, why, contradicts }) => `${text}${contradicts ? '!' : ''}: ${why}`),
  ]
}

test('a new service gets the port that its file says', () => {
  expect(planned([draft('Web', 5000)])).toEqual(['Web 5000 new registered'])
})

test('the port of the registry outranks every other, and nothing is registered again', () => {
  expect(planned([draft('web', 5000)], { Web: [3000] })).toEqual(['Web 3000 new'])
  expect(planned([draft('Web', 3001, { fixed: true })], { Web: [3000, 3001] })).toEqual(['Web 3001 new'])
})

test('a command that goes where it is told gets the next free port, one that does not is not taken', () => {
  const services = { Other: [5000], More: [5001] }
  expect(planned([draft('A', 5000), draft('B', 5000)], services)).toEqual([
    'A 5002 new registered',
    'B 5003 new registered',
  ])
  expect(planned([draft('A', 5000, { fixed: true })], services)).toEqual([
    'A!: its command listens on 5000 whatever it is told, and 5000 belongs to Other',
  ])
  expect(planned([draft('A', 5002), draft('B', 5002, { fixed: true })])).toEqual([
    'A 5002 new registered',
    'B!: its command listens on 5002 whatever it is told, and 5002 belongs to A',
  ])
  expect(planned([draft('A', 5000, { fixed: true })], { A: [3000] })).toEqual([
    'A!: its command listens on 5000 whatever it is told, and the registry has 3000 for it',
  ])
  expect(planned([draft('A', 6000)], { X: [6000] })).toEqual(['A 6001 new registered'])
  expect(planned([draft('A', 6665)], { X: [6665] })).toEqual(['A 6670 new registered'])
  expect(planned([draft('A', 65_535)], { X: [65_535] })).toEqual(['A!: no port above 65535 is free'])
})

test('a port that a person wrote down for a service is never another one in silence', () => {
  const chosen = { chosen: true } as const
  expect(planned([draft('A', 5000, chosen)], { Other: [5000] })).toEqual([
    'A!: 5000 belongs to Other; give it another one here, or: ports reserve "A" PORT',
  ])
  expect(planned([draft('A', 5000, chosen)], { A: [3000], Other: [5000] })).toEqual([
    'A 3000 new',
    'A: the registry has 3000 for it, and that counts',
  ])
  expect(planned([draft('A', 5000, chosen)], { A: [3000, 5000] })).toEqual(['A 5000 new'])
})

test('who waits for a service that nobody can start is told, and services that would wait for each other are refused', () => {
  const waits = (...after: string[]): Partial<RecipeDraft> => ({ says: { command: 'run', cwd: '/srv', after } })
  expect(planned([draft('A', 5000, waits('b', 'C', 'D')), draft('B', 5001)], {}, [plainRecipe('c', 'x', '/')])).toEqual(
    ['A 5000 new registered', 'B 5001 new registered', 'A!: it waits for D, and how to start that is not known'],
  )
  const names = {
    says: { command: 'run {port of b} ${port:-1}', cwd: '/srv', environment: { OTHER: 'x{port of Gone }' } },
  }
  expect(planned([draft('A', 5000, names), draft('B', 5001)]).at(-1)).toBe(
    'A!: it names the port of Gone, which has none',
  )
  expect(planned([draft('A', 5000, names)], { Gone: [1], B: [2] })).toEqual(['A 5000 new registered'])
  const own = { ...plainRecipe('B', 'run', '/srv'), after: ['A'] }
  expect(() => planned([draft('A', 5000, waits('B'))], {}, [own])).toThrow('wait for each other: A -> B -> A')
  expect(planned([draft('A', 5000, waits('B'))], {}, [plainRecipe('A', 'run', '/srv'), own])).toContain(
    'A!: your own recipe has another list of services to wait for and stays; --replace takes this one',
  )
})

test('what is said is compared, in whatever order the variables stand, and a signal without the patience that goes with it', () => {
  const own: Recipe = {
    ...plainRecipe('A', 'run', '/srv'),
    environment: { A: '1', B: '2' },
    stop: { signal: 'INT', seconds: 3 },
  }
  const says = { command: 'run', cwd: '/srv', environment: { B: '2', A: '1' }, stop: { signal: 'INT' } } as const
  expect(planned([draft('A', 5000, { says })], {}, [own])[0]).toBe('A 5000 same registered')
  const other = { ...says, environment: { B: '2' }, stop: { seconds: 4 }, memory: 2 ** 20 }
  expect(planned([draft('A', 5000, { says: other })], {}, [own])[1]).toContain(
    'another environment, way to be ended and memory limit and stays',
  )
})

test('a service whose port nobody tells is kept, and told', () => {
  expect(planned([draft('A', null)])).toEqual([
    'A null new',
    'A: no port is known for it, and it cannot start without: ports reserve "A" PORT',
  ])
})

test('an own recipe that says the same of what the file says is left, whatever else it says', () => {
  const own: Recipe = {
    ...plainRecipe('web', 'run Web', '/srv'),
    restart: 'always',
    tags: ['mine'],
    environmentFile: '.mine',
  }
  expect(planned([draft('Web', 5000)], { Web: [5000] }, [own])).toEqual(['Web 5000 same'])
})

test('an own recipe that differs stays unless the file is to outrank it', () => {
  const own = plainRecipe('Web', 'mine', '/elsewhere')
  expect(planned([draft('Web', 5000)], { Web: [5000] }, [own])).toEqual([
    'Web 5000 differs',
    'Web!: your own recipe has another command and folder and stays; --replace takes this one',
  ])
  expect(planned([draft('Web', 5000)], { Web: [5000] }, [own], true)).toEqual(['Web 5000 replaced'])
})
