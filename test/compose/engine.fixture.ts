import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')

interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A container engine of the test's own: its data, its socket and its processes lie in one folder and end with it. */
export interface Engine {
  readonly folder: string
  /** With this a person's `docker-compose` is the real Compose 2, and talks to this engine. */
  readonly environment: Readonly<Record<string, string>>
  /** Runs the real Compose 2 against it, in `folder`. */
  compose(...words: readonly string[]): Promise<Answer>
  stop(): Promise<void>
}

/** The image that is there: a static busybox. */
export const image = 'iza-ports-busybox:test'

/** The programs of an engine, or why there is none. runc is of the machine's own release, since a newer one needs a newer libc. */
export function findEngine(): { path: string; compose: string; busybox: string; why: string } {
  const missing = { path: '', compose: '', busybox: '' }
  if (process.getuid?.() !== 0) return { ...missing, why: 'an engine needs root' }
  const found = [
    'next-debian docker.io',
    'next-debian containerd',
    'next-debian runc own',
    'next-debian busybox-static own',
    'compose',
  ].map((script) => {
    const [name = '', ...words] = script.split(' ')
    return Bun.spawnSync(['sh', join(root, 'scripts', name), ...words], { stdout: 'pipe', stderr: 'pipe' })
  })
  const failed = found.find(({ exitCode }) => exitCode !== 0)
  if (failed) return { ...missing, why: failed.stderr.toString().trim() }
  const [docker = '', containerd = '', runc = '', busybox = '', compose = ''] = found.map(({ stdout }) =>
    stdout.toString().trim(),
  )
  const folders = [docker, containerd, runc].flatMap((one) => [join(one, 'usr/sbin'), join(one, 'usr/bin')])
  const single = [join(busybox, 'bin/busybox'), join(busybox, 'usr/bin/busybox')].find((one) => existsSync(one)) ?? ''
  return { path: [...folders, '/usr/sbin:/usr/bin:/sbin:/bin'].join(':'), compose, busybox: single, why: '' }
}

/** Starts an engine, with more of its own options where they are given, without the default bridge and without touching the firewall: Compose makes its own network, and a proxy publishes. */
export async function startEngine(
  { path, compose, busybox }: ReturnType<typeof findEngine>,
  more: Readonly<Record<string, string>> = {},
): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'iza-engine-'))
  const socket = `unix://${folder}/engine.sock`
  const env = { PATH: path, HOME: folder, DOCKER_HOST: socket }
  const options = {
    'data-root': join(folder, 'data'),
    'exec-root': join(folder, 'run'),
    pidfile: join(folder, 'pid'),
    host: socket,
    'storage-driver': 'vfs',
    bridge: 'none',
    iptables: 'false',
    ip6tables: 'false',
    ...more,
  }
  const words = Object.entries(options).map(([key, value]) => `--${key}=${value}`)
  const log = Bun.file(join(folder, 'log'))
  const engine = Bun.spawn(['dockerd', ...words], { env, stdio: ['ignore', log, log] })
  const run = async (...command: string[]): Promise<Answer> => {
    const child = Bun.spawn(command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [code, stdout, stderr] = await Promise.all([
      child.exited,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ])
    return { code, stdout, stderr }
  }
  const stop = async (): Promise<void> => {
    engine.kill('SIGTERM')
    await engine.exited
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const answers = async (): Promise<boolean> => (await pinged(`${folder}/engine.sock`)) || engine.exitCode !== null
    await until(answers, 'the engine answers')
    if (engine.exitCode !== null) throw new Error(`the engine ended: ${(await log.text()).slice(-2000)}`)
    await importImage(`${folder}/engine.sock`, folder, busybox)
  } catch (error) {
    await stop()
    throw error
  }
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync(compose, join(bin, 'docker-compose'))
  const environment = { PATH: `${bin}:/usr/bin:/bin`, DOCKER_HOST: socket }
  return { folder, environment, compose: (...given) => run(compose, ...given), stop }
}

async function pinged(socket: string): Promise<boolean> {
  return await fetch('http://engine/_ping', { unix: socket }).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** The archive of a file system with a busybox: an engine takes it for an image, and no registry is asked. */
export function imageArchive(folder: string, busybox: string): Uint8Array<ArrayBuffer> {
  const files = join(folder, 'image')
  mkdirSync(join(files, 'bin'), { recursive: true })
  cpSync(busybox, join(files, 'bin/busybox'))
  symlinkSync('busybox', join(files, 'bin/sh'))
  return new Uint8Array(Bun.spawnSync(['tar', '-C', files, '-c', '.'], { stdout: 'pipe' }).stdout)
}

async function importImage(socket: string, folder: string, busybox: string): Promise<void> {
  const archive = imageArchive(folder, busybox)
  const [repository, tag] = image.split(':')
  const response = await fetch(`http://engine/images/create?fromSrc=-&repo=${repository}&tag=${tag}`, {
    unix: socket,
    method: 'POST',
    body: archive,
  })
  const said = await response.text()
  if (!response.ok || !said.includes('sha256:')) throw new Error(`the image was not taken: ${said}`)
}

/** Looks again until it is so. */
export async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await Bun.sleep(20)
  }
}

/** Whether somebody listens there. */
export async function isOpen(port: number): Promise<boolean> {
  return await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } }).then(
    (socket) => {
      socket.end()
      return true
    },
    () => false,
  )
}
