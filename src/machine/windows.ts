import { uptime } from 'node:os'
import type { Holder, Listener } from '../core/listener.ts'
import { Problem } from '../core/problem.ts'
import type { ListenerQuery, Machine } from '../operations/world.ts'
import { outputOf } from './command-output.ts'
import { parseNetstat, parseTasklist } from './listeners/netstat.ts'
import { listenersOf } from './listeners/open-sockets.ts'
import { isHealthy } from './health.ts'
import { followByPolling } from './polling.ts'
import { probe } from './probe.ts'
import { answerOf } from './processes/answer.ts'
import { runInForeground } from './processes/foreground.ts'

/**
 * This computer, where it runs Windows: who listens, by netstat and tasklist. Neither tells when a process began, so a pid is all that is known of it, and a pid alone is used again: nothing
 * is ended or started here, `unsupported` says so. Only the parsers are tested, on Linux: nothing of this was run on Windows.
 */
export function windowsMachine(): Machine {
  // No cheap word of the system tells one boot from another. Where the clock was set meanwhile, the same boot is taken for another one: a tenure then ends, and none is made longer.
  const boot = `windows ${Math.round((Date.now() / 1000 - uptime()) / 600)}`
  const refuse = (what: string): never => {
    throw new Problem('unsupported', { what, system: 'win32' })
  }
  const look = (query: ListenerQuery): Promise<Listener[]> => lookWithNetstat(query, boot)
  return {
    listeners: look,
    follow: () => followByPolling(() => look({ holders: 'all' })),
    processes: async () => refuse('reading the process table'),
    self: () => ({ boot, pid: process.pid, start: 0 }),
    // A descriptor cannot be taken from another process there.
    keepSocket: async () => 'denied',
    takeSocket: async () => null,
    trimMemory: async () => {},
    closeSocket: () => {},
    knock: async () => ({ isAnswered: () => true, end: () => {} }),
    unitEnding: async () => ({ code: null, signal: null }),
    startNow: () => 1,
    stopContainer: async () => refuse('stopping containers'),
    environmentOf: async () => null,
    signal: async () => refuse('ending processes'),
    // Who waits for an end waits too long where the pid went to somebody else; nobody is taken for gone who is there.
    alive: async (whom) => whom.boot === boot && (await runningNow()).has(whom.pid),
    probe: async (endpoint) => probe(endpoint, null),
    // What Windows takes for outgoing connections by default since Vista (RFC 6335, section 6).
    kernel: async () => ({ ephemeral: { from: 49_152, to: 65_535 }, reserved: [], unprivilegedFrom: 1 }),
    spawn: async () => refuse('starting services'),
    isHealthy,
    runHere: runInForeground,
    answer: answerOf,
  }
}

async function runningNow(): Promise<Map<number, string>> {
  return parseTasklist(await outputOf(['tasklist', '/fo', 'csv', '/nh']))
}

async function lookWithNetstat(query: ListenerQuery, boot: string): Promise<Listener[]> {
  const named = query.holders === 'none' ? '' : outputOf(['tasklist', '/fo', 'csv', '/nh'])
  const [netstat, tasklist] = await Promise.all([outputOf(['netstat', '-ano']), named])
  const names = parseTasklist(tasklist)
  return listenersOf(parseNetstat(netstat), query, (pid) => holderOf(pid, names.get(pid), boot))
}

/** Null where the process has ended since, or is none: pid 0 has what waits for its peer to close. */
function holderOf(pid: number, name: string | undefined, boot: string): Holder | null {
  if (name === undefined || pid === 0) return null
  return { boot, pid, start: 0, session: 0, name, command: name, cwd: null, user: null, startedAt: null }
}
