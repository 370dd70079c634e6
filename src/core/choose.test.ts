import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { anyAddress, parseAddress } from './address.ts'
import { browserBlocked } from './browser-blocked.ts'
import { choose, mostCandidates } from './choose.ts'
import type { Surroundings, Wish } from './choose.ts'
import { port } from './port.ts'
import { emptyRegistry } from './registry.ts'
import type { Registry } from './registry.ts'

const kernel = {
  ephemeral: { from: 32_768, to: 60_999 },
  reserved: [{ from: 40_000, to: 40_010 }],
  unprivilegedFrom: 1024,
}
const famous = new Map([[20_200, 'Something']])
const wish = (more: Partial<Wish> = {}): Wish => ({
  host: 'h',
  protocol: 'tcp',
  address: anyAddress,
  block: { from: 20_000, to: 20_999 },
  seed: 'shop\nweb',
  prefer: null,
  ...more,
})
const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  registry: emptyRegistry,
  listening: new Set(),
  kernel,
  famous,
  ...more,
})
const owning = (...ports: number[]): Registry => ({
  ...emptyRegistry,
  allocations: ports.map((number) => ({
    id: String(number),
    fence: 1,
    kind: 'reservation',
    host: 'h',
    service: 'Owner',
    protocol: 'tcp',
    address: anyAddress,
    port: port(number),
    owner: null,
    since: '',
    expires: null,
  })),
})
const whyNot = (number: number, given: Wish, surroundings: Surroundings): string | undefined =>
  choose(given, surroundings).excluded.find((one) => one.port === number)?.why

test('the same request begins at the same port, another one elsewhere', () => {
  expect(choose(wish(), around())).toEqual(choose(wish(), around()))
  const firsts = new Set(
    Array.from({ length: 50 }, (_, index) => Number(choose(wish({ seed: `s${index}` }), around()).candidates[0])),
  )
  expect(firsts.size).toBeGreaterThan(40)
})

test('the low end of a block is left to people until the rest is full', () => {
  expect(choose(wish(), around()).candidates.every((number) => number >= 20_031)).toBe(true)
  const full = owning(...Array.from({ length: 969 }, (_, index) => 20_031 + index))
  expect(choose(wish(), around({ registry: full })).candidates.map(Number)).toEqual(
    Array.from({ length: mostCandidates }, (_, index) => 20_000 + index),
  )
})

test('what would surprise somebody is not handed out, and the reason is told', () => {
  expect(whyNot(20_500, wish(), around({ registry: owning(20_500) }))).toBe('allocated')
  expect(whyNot(20_500, wish(), around({ listening: new Set([20_500]) }))).toBe('listening')
  expect(whyNot(20_200, wish(), around())).toBe('famous')
  expect(whyNot(20_000, wish(), around())).toBe('static-band')
  expect(whyNot(6000, wish({ block: { from: 5990, to: 6010 } }), around())).toBe('browser-blocked')
  expect(whyNot(1000, wish({ block: { from: 900, to: 1100 } }), around())).toBe('privileged')
  const eph = wish({ block: { from: 39_990, to: 40_020 } })
  expect(whyNot(39_999, eph, around())).toBe('ephemeral')
  expect(
    choose(eph, around())
      .candidates.map(Number)
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: 6 }, (_, index) => 40_005 + index))
})

test('a large block is looked at only until there are enough candidates, and as a whole for the reasons', () => {
  const asked: number[] = []
  class Listening extends Set<number> {
    override has(number: number): boolean {
      asked.push(number)
      return super.has(number)
    }
  }
  const choice = choose(wish({ block: { from: 20_000, to: 29_999 } }), around({ listening: new Listening([20_500]) }))
  expect(choice.candidates).toHaveLength(mostCandidates)
  expect(asked.length).toBeLessThan(2 * mostCandidates)
  expect(choice.excluded.map(({ why }) => why)).toEqual(expect.arrayContaining(['static-band', 'famous', 'listening']))
  expect(asked.length).toBeGreaterThan(9000)
})

test('ranges of other people are left alone, the range that was asked for is not', () => {
  const range = { name: 'Theirs', from: port(20_400), to: port(20_499), purpose: '', examples: '' }
  const registry = { ...emptyRegistry, ranges: [range] }
  expect(whyNot(20_450, wish(), around({ registry }))).toBe('range')
  expect(choose(wish({ block: range }), around({ registry })).candidates).toHaveLength(mostCandidates)
})

test('a port asked for by number is given even where the allocator keeps away, but never when it is taken', () => {
  expect(choose(wish({ prefer: port(5432) }), around()).candidates[0]).toBe(port(5432))
  expect(choose(wish({ prefer: port(5432) }), around({ registry: owning(5432) })).candidates[0]).not.toBe(port(5432))
})

test('a listener at an address that does not overlap is no reason in the registry', () => {
  const registry = owning(20_500)
  const [only] = registry.allocations
  const other = { ...registry, allocations: only ? [{ ...only, address: parseAddress('127.0.0.2') }] : [] }
  expect(whyNot(20_500, wish({ address: parseAddress('127.0.0.1') }), around({ registry: other }))).toBeUndefined()
})

test('every candidate is in the block, free and excluded by nothing; every other port has a reason or comes later', () => {
  const blocks = fc
    .tuple(fc.integer({ min: 900, max: 41_000 }), fc.integer({ min: 0, max: 300 }))
    .map(([from, size]) => ({ from, to: from + size }))
  fc.assert(
    fc.property(blocks, fc.array(fc.nat(300)), fc.string(), (block, taken, seed) => {
      const registry = owning(...new Set(taken.map((offset) => block.from + offset)))
      const { candidates, excluded } = choose(wish({ block, seed }), around({ registry }))
      const why = new Map(excluded.map((one) => [one.port, one.why]))
      expect(new Set(candidates).size).toBe(candidates.length)
      for (const number of candidates) {
        expect(number >= block.from && number <= block.to && !why.has(number) && !browserBlocked.has(number)).toBe(true)
      }
      if (candidates.length < mostCandidates) {
        for (let number = block.from; number <= block.to; number++)
          expect(why.has(number) || candidates.includes(port(number))).toBe(true)
      }
    }),
  )
})
