import type { Holder, Listener, ProcessIdentity } from '../core/listener.ts'
import type { ListenerQuery, Machine } from '../operations/world.ts'
import { outputOf } from './command-output.ts'
import { engineSockets } from './containers/sockets.ts'
import { stopContainer } from './containers/stop.ts'
import { errorCode } from './error-code.ts'
import { lsofCommand, parseLsof } from './listeners/lsof.ts'
import { listenersOf } from './listeners/open-sockets.ts'
import { isHealthy } from './health.ts'
import { followByPolling } from './polling.ts'
import { probe } from './probe.ts'
import { answerOf } from './processes/answer.ts'
import { runInForeground } from './processes/foreground.ts'
import { parsePs, psCommand } from './processes/ps.ts'
import type { PsRow } from './processes/ps.ts'
import { spawnDetached } from './processes/spawn.ts'
import { parseBlocks } from './kernel.ts'

/**
 * This computer, where it runs macOS: lsof for listeners, ps for processes, sysctl for the kernel. Only the parsers are tested, on Linux: nothing of this was run on a Mac. There
 * is no pidfd: between the check of an identity and the signal a pid could change hands, which takes a whole round of pids.
 */
export function darwinMachine(environment: Readonly<Record<string, string | undefined>>): Machine {
  const boot = sysctl('kern.bootsessionuuid')
  const identity = ({ pid, start }: Pick<PsRow, 'pid' | 'start'>): ProcessIdentity => ({ boot, pid, start })
  const rows = async (pids: readonly number[] = []): Promise<PsRow[]> => {
    const [program, ...options] = psCommand
    return parsePs(await outputOf(pids.length ? [program, ...options.slice(1), '-p', pids.join(',')] : psCommand))
  }
  const alive = async (whom: ProcessIdentity): Promise<boolean> => {
    const [row] = await rows([whom.pid])
    return row !== undefined && whom.boot === boot && row.start === whom.start && !row.ended
  }
  const look = (query: ListenerQuery): Promise<Listener[]> => lookWithLsof(query, boot, rows)
  return {
    listeners: look,
    follow: () => followByPolling(() => look({ holders: 'all' })),
    processes: async () =>
      (await rows())
        .filter(({ ended }) => !ended)
        .map((row) => {
          const { parent, group, terminal, uid, name, command } = row
          const words = command.split(' ')
          // What ps gives of sessions on macOS is no number; a group is the nearest thing to it.
          return {
            ...identity(row),
            parent,
            group,
            session: group,
            terminal,
            kernel: false,
            uid,
            name,
            arguments: words,
          }
        }),
    self: () => identity({ pid: process.pid, start: startOf(process.pid) }),
    // A descriptor cannot be taken from another process there.
    keepSocket: async () => 'denied',
    takeSocket: async () => null,
    trimMemory: async () => {},
    closeSocket: () => {},
    knock: async () => ({ isAnswered: () => true, end: () => {} }),
    unitEnding: async () => ({ code: null, signal: null }),
    startNow: () => Math.floor(Date.now() / 1000),
    stopContainer: (...asked) => stopContainer(engineSockets(environment), ...asked),
    environmentOf: async () => null,
    async signal(whom, signal) {
      if (!(await alive(whom))) return 'gone'
      try {
        process.kill(whom.pid, `SIG${signal}`)
        return 'sent'
      } catch (error) {
        const code = errorCode(error)
        if (code === 'ESRCH') return 'gone'
        if (code === 'EPERM') return 'denied'
        throw error
      }
    },
    alive,
    probe: async (endpoint) => probe(endpoint, null),
    kernel: async () => ({
      ephemeral:
        parseBlocks(`${sysctl('net.inet.ip.portrange.first')}-${sysctl('net.inet.ip.portrange.last')}`)[0] ?? null,
      reserved: [],
      unprivilegedFrom: 1024,
    }),
    spawn: async (start) => spawnDetached(start, (pid) => identity({ pid, start: startOf(pid) })),
    isHealthy,
    runHere: runInForeground,
    answer: answerOf,
  }
}

async function lookWithLsof(
  query: ListenerQuery,
  boot: string,
  rows: (pids: readonly number[]) => Promise<PsRow[]>,
): Promise<Listener[]> {
  const protocols = query.protocol ? [query.protocol] : (['tcp', 'udp'] as const)
  const texts = await Promise.all(protocols.map((protocol) => outputOf(lsofCommand(protocol))))
  const sockets = texts.flatMap((text) => parseLsof(text)).filter(({ port }) => !query.ports || query.ports.has(port))
  const pids = [...new Set(sockets.map(({ pid }) => pid))]
  const known = new Map(query.holders === 'none' || !pids.length ? [] : (await rows(pids)).map((row) => [row.pid, row]))
  const users = new Map(sockets.map(({ uid, user }) => [uid, user]))
  return listenersOf(sockets, query, (pid) => {
    const row = known.get(pid)
    return row ? holderOf(row, boot, users.get(row.uid) ?? String(row.uid)) : null
  })
}

/** The folder is not told by ps. */
function holderOf({ pid, start, group, name, command }: PsRow, boot: string, user: string): Holder {
  const startedAt = new Date(start * 1000).toISOString()
  return { boot, pid, start, session: group, name, command: command || name, cwd: null, user, startedAt }
}

function startOf(pid: number): number {
  const [program, ...options] = psCommand
  const { stdout } = Bun.spawnSync([program, ...options.slice(1), '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C' },
  })
  return parsePs(stdout.toString())[0]?.start ?? 0
}

function sysctl(name: string): string {
  return Bun.spawnSync(['sysctl', '-n', name]).stdout.toString().trim()
}
