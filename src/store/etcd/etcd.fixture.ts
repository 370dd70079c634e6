import { statfsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from './network.fixture.ts'
import { freePort } from '../../../test/free-port.fixture.ts'

/** The etcd servers that a test can be run on, each with its path, or why it is not there. */
export const binaries = ['', 'trixie'].map((suite) => {
  const script = fileURLToPath(new URL('../../../scripts/etcd', import.meta.url))
  const { exitCode, stdout, stderr } = Bun.spawnSync(['sh', script, ...(suite === '' ? [] : [suite])])
  const path = exitCode === 0 ? stdout.toString().trim() : null
  const version = path === null ? null : (/etcd Version: (\S+)/.exec(run([path, '--version']))?.[1] ?? 'unknown')
  return { path, name: path === null ? `etcd (${stderr.toString().trim()})` : `etcd ${version}`, version }
})

function run(command: string[]): string {
  return Bun.spawnSync(command).stdout.toString()
}

interface Member {
  readonly endpoint: string
  /** What stands in an address: host and port. */
  readonly host: string
  readonly start: () => Promise<void>
  /** Ends it and waits until it has ended. */
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
}

export interface Cluster {
  readonly members: readonly Member[]
  /** The address of a registry on all members; `hosts` are proxies where the test has some in between. */
  readonly url: (prefix: string, hosts?: readonly string[]) => string
  /** The member that leads now; waits until one does. */
  readonly leader: () => Promise<Member>
  readonly dispose: () => Promise<void>
}

/**
 * Starts etcd on free ports of the loopback with a folder of its own for each member, and waits until it answers. With `unsafe` nothing waits for a
 * disk: only for tests that end no member. Only a newer etcd can be told so, so its folder is in memory as well. `network` places each member in a network
 * of its own.
 */
export async function startCluster(
  path: string,
  count: 1 | 3,
  unsafe = false,
  network: readonly Place[] = [],
): Promise<Cluster> {
  const folder = await mkdtemp(join(unsafe ? fastFolder() : tmpdir(), 'iza-ports-etcd-'))
  const ports = Array.from({ length: count * 2 }, freePort)
  const places = Array.from({ length: count }, (_, index) => {
    const { wrap, client, peer } = network[index] ?? { wrap: [], client: '127.0.0.1', peer: '127.0.0.1' }
    return { wrap, client: `http://${client}:${ports[index * 2]}`, peer: `http://${peer}:${ports[index * 2 + 1]}` }
  })
  const initial = places.map(({ peer }, index) => `m${index}=${peer}`).join(',')
  const fast = unsafe && run([path, '--help']).includes('--unsafe-no-fsync') ? ['--unsafe-no-fsync'] : []
  const ends: (() => Promise<void>)[] = []
  const members = places.map(({ wrap, client: endpoint, peer }, index): Member => {
    let child: Bun.Subprocess | null = null
    const start = async (): Promise<void> => {
      const log = Bun.file(join(folder, `m${index}.log`))
      child = Bun.spawn(
        [...wrap, path, '--name', `m${index}`, '--data-dir', join(folder, `m${index}`), '--initial-cluster', initial]
          .concat(['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint])
          .concat(['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, ...fast]),
        { stdin: 'ignore', stdout: 'ignore', stderr: log },
      )
      await healthy(endpoint)
    }
    const kill = async (signal: NodeJS.Signals): Promise<void> => {
      child?.kill(signal)
      await child?.exited
      child = null
    }
    ends.push(() => kill('SIGKILL'))
    const signal = (name: NodeJS.Signals): void => child?.kill(name)
    return { endpoint, host: endpoint.slice('http://'.length), start, kill, signal }
  })
  const dispose = async (): Promise<void> => {
    for (const end of ends) await end()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(members.map((member) => member.start()))
  } catch (error) {
    await dispose()
    throw error
  }
  const hosts = members.map(({ host }) => host)
  const url = (prefix: string, others: readonly string[] = hosts): string => `etcd://${others.join(',')}/${prefix}`
  return { members, url, leader: () => leaderOf(members), dispose }
}

/** One call to the gateway of one member; null where it does not answer with a success. */
export async function ask(
  endpoint: string,
  path: string,
  body: unknown,
  token?: string,
): Promise<Record<string, unknown> | null> {
  try {
    const signal = AbortSignal.timeout(1_000)
    const headers: Record<string, string> = token === undefined ? {} : { authorization: token }
    const response = await fetch(endpoint + path, { method: 'POST', body: JSON.stringify(body), headers, signal })
    return response.ok ? ((await response.json()) as Record<string, unknown>) : null
  } catch {
    return null
  }
}

async function healthy(endpoint: string): Promise<void> {
  await waitFor(async () => {
    try {
      const response = await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(1_000) })
      return (await response.text()).includes('"true"')
    } catch {
      return false
    }
  })
}

async function leaderOf(members: readonly Member[]): Promise<Member> {
  let found: Member | undefined
  await waitFor(async () => {
    for (const member of members) {
      const status = await ask(member.endpoint, '/v3/maintenance/status', {})
      const { member_id } = (status?.header ?? {}) as { member_id?: string }
      if (status && status.leader === member_id) found = member
    }
    return found !== undefined
  })
  if (!found) throw new Error('no leader')
  return found
}

export async function waitFor(condition: () => Promise<boolean> | boolean, milliseconds = 15_000): Promise<void> {
  const deadline = performance.now() + milliseconds
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited for ${milliseconds / 1000} s`)
    await Bun.sleep(20)
  }
}

/** A member reserves 128 MB for its log at once. */
function fastFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 1e9 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}
