import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { imageArchive, until } from './engine.fixture.ts'

const root = join(import.meta.dir, '../..')

/** Of the machine's own release. Ports are published by `rootlessport` through slirp4netns, which needs no firewall. */
const packages = ['podman', 'conmon', 'slirp4netns', 'libslirp0', 'libgpgme11', 'libsubid4', 'runc', 'busybox-static']

export interface Podman {
  /** Where its API listens, as `DOCKER_HOST` names it. */
  readonly host: string
  /** Runs the real `podman`; gives what it said, and throws where it failed. */
  run(...words: readonly string[]): Promise<string>
  stop(): Promise<void>
}

/** The image that is there: a static busybox. */
export const image = 'localhost/iza-ports-busybox:test'

type Found = ReturnType<typeof findPodman>

/** The folders of the unpacked packages, or why there is no Podman. */
export function findPodman(): { folders: ReadonlyMap<string, string>; why: string } {
  if (process.getuid?.() !== 0) return { folders: new Map(), why: 'an engine needs root' }
  if (!existsSync('/dev/net/tun')) return { folders: new Map(), why: 'the kernel has no /dev/net/tun' }
  const folders = new Map<string, string>()
  for (const name of packages) {
    const script = [join(root, 'scripts/next-debian'), name, 'own']
    const { exitCode, stdout, stderr } = Bun.spawnSync(['sh', ...script], { stdout: 'pipe', stderr: 'pipe' })
    if (exitCode !== 0) return { folders, why: stderr.toString().trim() }
    folders.set(name, stdout.toString().trim())
  }
  return { folders, why: '' }
}

/** Podman and its API, with everything that it keeps in a folder of their own. */
export async function startPodman({ folders }: Found): Promise<Podman> {
  const folder = mkdtempSync(join(tmpdir(), 'iza-podman-'))
  const at = (name: string, path: string): string => join(folders.get(name) ?? '', path)
  const env = environmentIn(folder, at)
  const run = async (...words: readonly string[]): Promise<string> => {
    const child = Bun.spawn(['podman', ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [code, out, err] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()])
    if (code !== 0) throw new Error(`podman ${words.join(' ')}: ${err}`)
    return out.trim()
  }
  const archive = join(folder, 'image.tar')
  writeFileSync(archive, imageArchive(folder, at('busybox-static', 'bin/busybox')))
  await run('import', archive, image)
  const socket = join(folder, 'podman.sock')
  const log = Bun.file(join(folder, 'log'))
  const service = Bun.spawn(['podman', 'system', 'service', '--time', '0', `unix://${socket}`], {
    env,
    stdio: ['ignore', log, log],
  })
  await until(async () => existsSync(socket), 'Podman answers')
  return {
    host: `unix://${socket}`,
    run,
    async stop() {
      await run('rm', '--all', '--force', '--time', '0')
      service.kill('SIGTERM')
      await service.exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What Podman reads of its settings lies in the folder, and nothing of the machine's. */
function environmentIn(folder: string, at: (name: string, path: string) => string): Record<string, string> {
  const settings = join(folder, 'home/.config/containers')
  mkdirSync(settings, { recursive: true })
  writeFileSync(join(settings, 'policy.json'), '{"default": [{"type": "insecureAcceptAnything"}]}')
  writeFileSync(
    join(settings, 'storage.conf'),
    `[storage]\ndriver = "vfs"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/graph"\n`,
  )
  writeFileSync(
    join(settings, 'containers.conf'),
    `[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
conmon_path = ["${at('conmon', 'usr/bin/conmon')}"]
helper_binaries_dir = ["${at('podman', 'usr/lib/podman')}"]
network_cmd_path = "${at('slirp4netns', 'usr/bin/slirp4netns')}"
runtime = "runc"
[engine.runtimes]
runc = ["${at('runc', 'usr/sbin/runc')}"]
[network]
network_config_dir = "${folder}/networks"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
`,
  )
  const libraries = ['libslirp0', 'libgpgme11', 'libsubid4'].flatMap((name) =>
    ['x86_64', 'aarch64'].map((machine) => at(name, `usr/lib/${machine}-linux-gnu`)),
  )
  return {
    PATH: `${at('podman', 'usr/bin')}:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: join(folder, 'home'),
    LD_LIBRARY_PATH: libraries.join(':'),
    CONTAINERS_CONF: join(settings, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(settings, 'storage.conf'),
  }
}
