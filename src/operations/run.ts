import * as z from '../formats/zod.ts'
import { Problem } from '../core/problem.ts'
import { serviceVariable } from '../core/run.ts'
import { claimAll, claimBlock, ownerOf, parseSpan } from './claim.ts'
import { Life } from './life.ts'
import { warnOfForeignPorts } from './foreign-ports.ts'
import { operation } from './operation.ts'
import { claimingToken } from './owner-token.ts'
import { parseAddress } from '../core/address.ts'
import { completeCommand } from './port-words.ts'
import { portInput } from './shapes.ts'
import { requireRange } from './named.ts'

export type ForegroundRun = z.output<typeof output>
const output = z.object({
  service: z.string(),
  port: z.int(),
  code: z.int(),
  /** What was added to the command, for a program that does not go by `PORT`. */
  added: z.array(z.string()),
})

export const run = operation({
  name: 'run',
  summary:
    'Claims a port for this workspace and runs a command in the foreground with PORT set, and with the flag that its framework needs; its exit code is the answer.',
  effect: 'write',
  positional: ['command'],
  examples: [
    'ports run -- npm run dev',
    'ports run --name api -- uvicorn main:app --port {port}',
    'ports run --range "Web Services" -- vite --port {port}',
  ],
  input: z.object({
    command: z
      .array(z.string())
      .check(z.minLength(1), z.describe('the program and its arguments; {port} in them is replaced')),
    name: z.withDefault(z.string(), 'web').check(z.describe('what the port is for')),
    range: z.optional(z.string()).check(z.describe('take it from this range')),
    prefer: z.optional(portInput).check(z.describe('take this port where it is free')),
    ttl: z
      .withDefault(z.string(), '30s')
      .check(z.describe('after how long without a sign of life of this command its claim is suspect')),
  }),
  output,
  exitCode: ({ code }) => code,
  async run(world, { command, name, range, prefer, ttl }, call) {
    const owner = await ownerOf(world, call, undefined, world.host)
    const { hash: tokenHash } = await claimingToken(world, call, owner.id)
    const life = await Life.begin(world, owner.id, parseSpan(ttl), (line) => call.progress(line))
    try {
      const { claims, registry: current } = await claimAll(world, world.host, (registry) => {
        const within = range === undefined ? null : requireRange(registry, range)
        const block = within ?? claimBlock
        const place = {
          host: world.host,
          protocol: 'tcp',
          address: parseAddress('*'),
          block,
          within: within?.name ?? null,
        } as const
        return {
          ...place,
          names: [name],
          owner,
          prefer: prefer ?? null,
          expires: null,
          tokenHash,
          session: life.session,
        }
      })
      const [claim] = claims
      if (!claim) throw new Problem('range-full', { range: range ?? `${claimBlock.from}-${claimBlock.to}`, tried: 0 })
      life.keep(claim.id)
      const port = String(claim.port)
      await warnOfForeignPorts(world, call, current, owner)
      const asked = command.some((word) => word.includes('{port}'))
      const placed = command.map((word) => word.replaceAll('{port}', port))
      const complete = await completeCommand(world, call, placed, claim.port, asked)
      const [program = '', ...words] = complete.command
      const environment = { ...call.environment, PORT: port, [serviceVariable]: claim.service }
      const { code, signal } = await world.machine.runHere({ command: [program, ...words], cwd: call.cwd, environment })
      // As shells tell it: 128 and the number of the signal.
      return {
        service: claim.service,
        port: claim.port,
        code: signal === null ? (code ?? 0) : 128 + signalNumber(signal),
        added: [...complete.added],
      }
    } finally {
      await life.end()
    }
  },
})

function signalNumber(signal: string): number {
  return { HUP: 1, INT: 2, QUIT: 3, ABRT: 6, KILL: 9, SEGV: 11, PIPE: 13, TERM: 15 }[signal.replace('SIG', '')] ?? 0
}
