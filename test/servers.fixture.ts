import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '..')

/** A server from Debian, unpacked and not installed; `why` says it where it cannot be had. */
export interface Unpacked {
  readonly folder: string
  readonly libraries: string
  readonly why: string
}

export function unpack(name: string): Unpacked {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['sh', join(root, 'scripts/debian-server'), name], {
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [folder = '', libraries = ''] = stdout.toString().split('\n')
  return exitCode === 0 ? { folder, libraries, why: '' } : { folder: '', libraries, why: stderr.toString().trim() }
}

export interface Server {
  readonly pid: number
  stop(): Promise<void>
}

/** A Redis of its own on the port, without a file. Debian's `redis-server` is a link to this program, which knows by its name what it is to do. */
export function startRedis({ folder, libraries }: Unpacked, port: number, ...more: string[]): Server {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...more]
  const cwd = mkdtempSync(join(tmpdir(), 'iza-redis-'))
  const child = Bun.spawn([join(folder, 'usr/bin/redis-check-rdb'), ...words], {
    argv0: 'redis-server',
    cwd,
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    pid: child.pid,
    async stop() {
      child.kill('SIGKILL')
      await child.exited
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to be root: as root it is run by nobody, from a copy that nobody may read. */
const isRoot = process.getuid?.() === 0
const nobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []

/** A PostgreSQL of its own on the port, in a folder that goes with it. */
export function startPostgres({ folder, libraries }: Unpacked, port: number): Server {
  const home = mkdtempSync(join(tmpdir(), 'iza-postgres-'))
  // It finds the rest of itself from where its program lies.
  for (const part of ['lib', 'share'])
    cpSync(join(folder, 'usr', part, 'postgresql'), join(home, part, 'postgresql'), { recursive: true })
  const bin = join(home, 'lib/postgresql', versionIn(join(home, 'lib/postgresql')), 'bin')
  const data = join(home, 'data')
  mkdirSync(data, { mode: 0o700 })
  for (const path of isRoot ? [home, data] : []) chownSync(path, 65534, 65534)
  const env = { PATH: process.env.PATH, LD_LIBRARY_PATH: libraries, LC_ALL: 'C' }
  const run = { cwd: home, env }
  const made = Bun.spawnSync([...nobody, join(bin, 'initdb'), '-D', data, '-A', 'trust', '--no-sync', '-U', 'x'], run)
  if (made.exitCode !== 0) throw new Error(made.stderr.toString())
  const words = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', home, '-c', 'fsync=off']
  const child = Bun.spawn([...nobody, join(bin, 'postgres'), ...words], {
    ...run,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return {
    pid: child.pid,
    async stop() {
      child.kill('SIGQUIT')
      await child.exited
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function versionIn(folder: string): string {
  return readdirSync(folder).find((name) => /^\d+$/.test(name)) ?? ''
}
