import * as z from '../formats/zod.ts'
import type { Change } from '../core/commit.ts'
import { Problem } from '../core/problem.ts'
import { makeRange } from '../core/range.ts'
import { nameKey } from '../core/name.ts'
import { findRange } from '../core/registry.ts'
import { change } from './change.ts'
import { requireRange } from './named.ts'
import { operation } from './operation.ts'
import { dryRunInput, portInput, rangeShape } from './shapes.ts'

const output = z.object({ range: rangeShape, changed: z.boolean() })
export type RangeChange = z.output<typeof output>

export const rangeAdd = operation({
  name: 'range add',
  summary: 'Adds a named range of ports with a purpose.',
  effect: 'write',
  positional: ['name', 'from', 'to'],
  examples: [
    'ports range add "Core Services" 3000 3099',
    'ports range add Databases 5000 5099 --purpose "Database services"',
  ],
  input: z.object({
    name: z.string().check(z.describe('the range')),
    from: portInput.check(z.describe('its first port')),
    to: portInput.check(z.describe('its last port')),
    purpose: z.withDefault(z.string(), '').check(z.describe('what its ports are for')),
    examples: z.withDefault(z.string(), '').check(z.describe('typical members, in words')),
    dryRun: dryRunInput,
  }),
  output,
  async run(world, { dryRun, ...fields }) {
    const range = makeRange(fields)
    const { decision } = await change(
      world,
      (registry) => {
        const present = findRange(registry, range.name)
        if (present) throw new Problem('range-exists', { name: present.name, from: present.from, to: present.to })
        return { changes: [{ do: 'put-range', range } as const] }
      },
      { dryRun },
    )
    return { range, changed: decision.changes.length > 0 }
  },
})

export const rangeEdit = operation({
  name: 'range edit',
  summary: 'Changes the ends, the purpose or the examples of a range.',
  effect: 'write',
  positional: ['name'],
  examples: ['ports range edit Databases --to 5199', 'ports range edit Databases --purpose "Everything that stores"'],
  input: z.object({
    name: z.string().check(z.describe('the range')),
    from: z.optional(portInput).check(z.describe('its first port')),
    to: z.optional(portInput).check(z.describe('its last port')),
    purpose: z.optional(z.string()).check(z.describe('what its ports are for')),
    examples: z.optional(z.string()).check(z.describe('typical members, in words')),
    dryRun: dryRunInput,
  }),
  output,
  async run(world, { name, from, to, purpose, examples, dryRun }) {
    const { decision } = await change(
      world,
      (registry) => {
        const before = requireRange(registry, name)
        const range = makeRange({
          name: before.name,
          from: from ?? before.from,
          to: to ?? before.to,
          purpose: purpose ?? before.purpose,
          examples: examples ?? before.examples,
        })
        const same = JSON.stringify({ ...before, ...range }) === JSON.stringify(before)
        const changes: Change[] = same ? [] : [{ do: 'put-range', range }]
        return { changes, range }
      },
      { dryRun },
    )
    return { range: decision.range, changed: decision.changes.length > 0 }
  },
})

export const rangeRemove = operation({
  name: 'range remove',
  summary: 'Removes a range; its services and their ports stay.',
  effect: 'write',
  positional: ['name'],
  examples: ['ports range remove Databases'],
  input: z.object({ name: z.string().check(z.describe('the range')), dryRun: dryRunInput }),
  output,
  async run(world, { name, dryRun }) {
    const { decision } = await change(
      world,
      (registry) => {
        const range = requireRange(registry, name)
        const members = registry.services.filter(
          (one) => one.range !== null && nameKey(one.range) === nameKey(range.name),
        )
        const changes: Change[] = [
          { do: 'remove-range', name: range.name },
          ...members.map((service): Change => ({ do: 'put-service', service: { ...service, range: null } })),
        ]
        return { changes, range }
      },
      { dryRun },
    )
    return { range: decision.range, changed: true }
  },
})
