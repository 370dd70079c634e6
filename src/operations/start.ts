import { z } from 'zod'
import { describeHolder } from '../core/process.ts'
import type { PortNumber } from '../core/port.ts'
import { parsePort } from '../core/port.ts'
import { Problem } from '../core/problem.ts'
import { allocationsOf, findService } from '../core/registry.ts'
import { runVariable, serviceVariable } from '../core/run.ts'
import type { Run } from '../core/run.ts'
import { parseName, withoutMark } from '../core/name.ts'
import { change } from './change.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { awaitReady } from './ready.ts'
import { planReservation } from './reserve.ts'
import { currentRun } from './runs.ts'
import type { CurrentRun } from './runs.ts'
import { protocolInput } from './shapes.ts'
import type { World } from './world.ts'
import { anyAddress } from '../core/address.ts'

export type StartedService = z.output<typeof output>
const output = z.object({
  service: z.string(),
  port: z.int(),
  protocol: z.enum(['tcp', 'udp']),
  outcome: z.enum(['started', 'already-running']),
  pid: z.int(),
  /** Addresses that it listens on. */
  addresses: z.array(z.string()),
  /** Milliseconds from the start of the command until its process tree listened; null where it ran already. */
  readyAfter: z.number().nullable(),
  log: z.string(),
  registered: z.boolean(),
})

export const start = operation({
  name: 'start',
  summary: 'Starts a service on its port, and waits until its own processes listen there.',
  effect: 'write',
  positional: ['name', 'port', 'command'],
  examples: [
    'ports start "Service Name" 3000 "npm run dev"',
    'ports start Docs 4000 "python3 -m http.server {port}"',
    'ports start Grafana',
  ],
  input: z.object({
    name: z.string().describe('the service; it is registered when it is new'),
    port: z
      .union([z.string(), z.int()])
      .transform((given) => parsePort(String(given)))
      .optional()
      .describe('its port; not needed when it is registered'),
    command: z
      .string()
      .optional()
      .describe('a shell command; PORT is set for it and {port} replaced. The last one where none is given'),
    protocol: protocolInput.default('tcp'),
    timeout: z.coerce.number().min(0.1).max(3600).default(30).describe('seconds that it may take until it listens'),
  }),
  output,
  async run(world, input, call) {
    const { service, port, registered } = await promise(world, input)
    try {
      const running = await currentRun(world, service)
      if (running) return showRunning(world, running)
      await refuseHeldPort(world, port, input.protocol, call)
      const run = await begin(world, service, port, input, call)
      return { ...(await awaitReady(world, run, input.timeout, call)), registered }
    } catch (error) {
      // A deed that failed gives its promise back: a service that never ran is not left in the registry.
      if (registered) await takeBack(world, service)
      throw error
    }
  },
})

interface StartInput {
  readonly name: string
  readonly port?: PortNumber | undefined
  readonly command?: string | undefined
  readonly protocol: 'tcp' | 'udp'
}

/** The service's port in the registry, promised now where the service is new. Throws `conflict`, `runs-elsewhere`, `several-ports`. */
async function promise(
  world: World,
  input: StartInput,
): Promise<{ service: string; port: PortNumber; registered: boolean }> {
  const name = parseName(withoutMark(input.name).name, 'service')
  const { port, protocol } = input
  const { decision } = await change(world, (registry) => {
    const known = findService(registry, world.host, name)
    const ports = (known ? allocationsOf(registry, known) : [])
      .filter((one) => one.protocol === protocol)
      .map((one) => one.port)
    const [only] = ports
    if (known && only !== undefined) {
      if (port === undefined && ports.length > 1) throw new Problem('several-ports', { service: known.name, ports })
      if (port !== undefined && !ports.includes(port))
        throw new Problem('runs-elsewhere', { service: known.name, port: only, asked: port })
      return { changes: [], service: known.name, port: port ?? only, registered: false }
    }
    if (port === undefined) throw new Problem('port-needed', { service: name })
    const reservation = { name, port, protocol, address: anyAddress, when: world.clock.now().toISOString() }
    const { changes, service, registered } = planReservation(registry, world.host, world.newId(), reservation)
    return { changes, service: service.service, port, registered }
  })
  return { service: decision.service, port: decision.port, registered: decision.registered }
}

async function takeBack(world: World, service: string): Promise<void> {
  await change(world, (registry) => ({
    changes: [
      ...allocationsOf(registry, { host: world.host, name: service }).map(
        ({ id, fence }) => ({ do: 'release', id, fence }) as const,
      ),
      { do: 'remove-service', host: world.host, name: service } as const,
    ],
  }))
}

/** Nobody may be on the port: a start that "succeeds" because somebody else answers is the worst kind of failure. Throws `port-taken`. */
async function refuseHeldPort(world: World, port: PortNumber, protocol: 'tcp' | 'udp', call: Call): Promise<void> {
  const [listener] = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
  if (!listener) {
    if ((await world.machine.probe({ protocol, address: anyAddress, port })) !== 'taken') return
    throw new Problem('port-taken', {
      port,
      protocol,
      holder: 'a connection or a process that is not visible to us',
      pid: null,
    })
  }
  const holder = listener.holders[0]
  throw new Problem('port-taken', {
    port,
    protocol,
    holder: holder
      ? describeHolder(holder, world.clock.now(), call.environment.HOME ?? null)
      : `a process of ${listener.user}`,
    pid: holder?.pid ?? null,
  })
}

async function begin(
  world: World,
  service: string,
  port: PortNumber,
  input: StartInput,
  call: Call,
): Promise<{ run: Run; ended: Promise<Run['ending']>; since: number }> {
  const [last] = input.command === undefined ? await world.journal.runs({ service }) : []
  const command = input.command ?? last?.command
  if (command === undefined || command.trim() === '') throw new Problem('command-needed', { service, port })
  const id = world.newId()
  const startedAt = world.clock.now().toISOString()
  const log = `${world.files.logs}/${logName(service)}/${startedAt.replace(/[:.]/g, '-')}.log`
  const cwd = input.command === undefined ? (last?.cwd ?? call.cwd) : call.cwd
  const since = world.clock.elapsed()
  const { process, ended } = await world.machine.spawn({
    // The person's own words, as one argument: nothing of ours is pasted around them. `{port}` is digits.
    command: ['/bin/sh', '-c', command.replaceAll('{port}', String(port))],
    cwd,
    environment: { ...call.environment, PORT: String(port), [serviceVariable]: service, [runVariable]: id },
    log,
  })
  const run: Run = {
    id,
    service,
    protocol: input.protocol,
    port,
    command,
    cwd,
    log,
    process,
    startedAt,
    endedAt: null,
    ending: null,
  }
  await world.journal.begin(run)
  return { run, ended, since }
}

/** A folder name that any file system takes, unlike for unlike services. */
function logName(service: string): string {
  return encodeURIComponent(service.toLowerCase())
    .replace(/%20/g, '-')
    .replace(/[%*'()!~.]/g, '_')
    .slice(0, 100)
}

async function showRunning(world: World, { run, members }: CurrentRun): Promise<StartedService> {
  const { service, port, protocol, log } = run
  const listeners = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'all' })
  const pids = new Set(members.map(({ pid }) => pid))
  const own = listeners.filter(({ holders }) => holders.some(({ pid }) => pids.has(pid)))
  const pid = own[0]?.holders[0]?.pid ?? run.process.pid
  const addresses = own.map(({ address }) => address)
  return {
    service,
    port,
    protocol,
    outcome: 'already-running',
    pid,
    addresses,
    readyAfter: null,
    log,
    registered: false,
  }
}
