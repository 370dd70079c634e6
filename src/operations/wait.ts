import * as z from '../formats/zod.ts'
import { describeHolder } from '../core/process.ts'
import { Problem } from '../core/problem.ts'
import { anyAddress } from '../core/address.ts'
import { withoutKeepers } from './hand-over.ts'
import { operation } from './operation.ts'
import { portInput, protocolInput } from './shapes.ts'
import { parseWait } from './wait-time.ts'
import type { World } from './world.ts'
import type { PortNumber, Protocol } from '../core/port.ts'

/** Looking costs a fifth of a millisecond, and a script that waits wants to go on at once. */
const pollMilliseconds = 10

const output = z.object({
  port: z.int(),
  protocol: z.enum(['tcp', 'udp']),
  for: z.enum(['listening', 'free', 'healthy']),
  reached: z.boolean(),
  /** Milliseconds that it took. */
  after: z.number(),
  /** Who listens there now. */
  holder: z.nullable(z.string()),
})
export type Waited = z.output<typeof output>

export const wait = operation({
  name: 'wait',
  summary:
    'Waits until somebody listens on a port, until it is free, or until what listens there answers; exit code 1 when it does not come to that.',
  effect: 'read',
  positional: ['port'],
  examples: [
    'ports wait 3000',
    'ports wait 3000 --for free --timeout 10s',
    'ports wait 3000 --for healthy && npm run e2e',
  ],
  input: z.object({
    port: portInput.check(z.describe('the port')),
    for: z
      .withDefault(z.enum(['listening', 'free', 'healthy']), 'listening')
      .check(z.describe('listening, free or healthy: it takes connections, or with --path answers HTTP below 400')),
    timeout: z.withDefault(z.string(), '30s').check(z.describe('how long at the most: 500ms, 30s, 5m')),
    path: z.optional(z.string()).check(z.describe('what a healthy service answers to: /health')),
    protocol: z.withDefault(protocolInput, 'tcp'),
  }),
  output,
  isNo: ({ reached }) => !reached,
  async run(world, { port, for: wanted, timeout, path, protocol }, call) {
    const limit = parseWait(timeout)
    const begin = world.clock.elapsed()
    let told = begin
    for (;;) {
      const reached = await isReached(world, wanted, port, protocol, path, call.environment)
      const now = world.clock.elapsed()
      if (reached || now - begin >= limit) {
        const holder = await holderOf(world, port, protocol, call.environment.HOME ?? null)
        return { port, protocol, for: wanted, reached, after: Math.round(now - begin), holder }
      }
      if (call.signal.aborted)
        throw new Problem('interrupted', { what: `the wait for ${port}`, left: 'Nothing was changed.' })
      if (now - told >= 1000) {
        told = now
        call.progress(`waiting for ${port} to be ${wanted}, ${Math.round((now - begin) / 1000)} s of ${limit / 1000}`)
      }
      await world.clock.sleep(pollMilliseconds, call.signal)
    }
  },
})

async function isReached(
  world: World,
  wanted: Waited['for'],
  port: PortNumber,
  protocol: Protocol,
  path: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const listeners = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'none' })
  if (wanted === 'free')
    return !listeners.length && (await world.machine.probe({ protocol, address: anyAddress, port })) !== 'taken'
  if (!listeners.length) return false
  // A socket that is kept for a service listens whether that is up or not.
  const held = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
  if (held.length && !withoutKeepers(held).length) return false
  if (wanted === 'listening') return true
  const where = { cwd: '/', environment }
  const check = path === undefined ? ({ kind: 'tcp', every: 0 } as const) : ({ kind: 'http', path, every: 0 } as const)
  return world.machine.isHealthy(check, port, where)
}

async function holderOf(
  world: World,
  port: PortNumber,
  protocol: Protocol,
  home: string | null,
): Promise<string | null> {
  const [listener] = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'kin' })
  const holder = listener?.holders[0]
  if (holder) return describeHolder(holder, world.clock.now(), home)
  return listener ? `a process of ${listener.user}` : null
}
