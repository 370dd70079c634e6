import * as z from '../formats/zod.ts'
import { severities } from '../core/audit/finding.ts'
import { protocols } from '../core/port.ts'
import { verdicts } from '../core/verdict.ts'
import { readBoard } from './board.ts'
import { hostInput } from './host.ts'
import { operation } from './operation.ts'
import { containerShape, holderShape, rangeShape, unansweredShape } from './shapes.ts'

const service = z.object({
  name: z.string(),
  host: z.string(),
  port: z.int(),
  protocol: z.enum(protocols),
  address: z.string(),
  range: z.nullable(z.string()),
  description: z.string(),
  verdict: z.nullable(z.enum(verdicts)),
  resolved: z.boolean(),
  holders: z.array(holderShape),
  unit: z.nullable(z.string()),
  container: z.nullable(containerShape),
  findings: z.array(z.string()),
  worst: z.nullable(z.enum(severities)),
})

const stray = z.object({
  port: z.int(),
  protocol: z.enum(protocols),
  address: z.string(),
  user: z.string(),
  holders: z.array(holderShape),
  unit: z.nullable(z.string()),
  container: z.nullable(containerShape),
})

const output = z.object({
  host: z.string(),
  looked: z.boolean(),
  at: z.string(),
  revision: z.int(),
  ranges: z.array(rangeShape),
  services: z.array(service),
  strays: z.array(stray),
  hidden: z.int(),
  unanswered: z.array(unansweredShape),
  totals: z.object({
    services: z.int(),
    active: z.int(),
    reserved: z.int(),
    unverified: z.int(),
    taken: z.int(),
    silent: z.int(),
    strays: z.int(),
    findings: z.int(),
  }),
})

export const status = operation({
  name: 'status',
  summary: 'Shows every range and service with its port, its verdict and who really holds it.',
  effect: 'read',
  positional: [],
  examples: [
    'ports',
    'ports status --host db1',
    'ports status --json',
    'ports status --json | jq \'.services[] | select(.verdict == "taken")\'',
  ],
  input: z.object({ host: hostInput }),
  output,
  run: readBoard,
})
