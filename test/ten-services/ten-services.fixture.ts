import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort } from '../free-port.fixture.ts'
import { unpack } from '../servers.fixture.ts'
import { SupervisedPerson } from '../supervisor.fixture.ts'

const root = join(import.meta.dir, '../..')
export const recipes = join(import.meta.dir, 'project/services.yaml')

const isRoot = process.getuid?.() === 0
/** Who PostgreSQL runs as where we are root, which it refuses to be. */
const nobody = 65_534

/** The programs that people would have installed: where each lies, or why the whole cannot be had. */
interface Programs {
  readonly why: string
  readonly debian: Readonly<Record<'postgres' | 'redis' | 'nginx' | 'prometheus' | 'netdata', string>>
  readonly web: string
  readonly libraries: string
  readonly python: string
  readonly npm: readonly string[]
}

/** Debian's servers and Python packages, unpacked, and npm's programs; nothing is installed. */
export function findPrograms(): Programs {
  const none = { debian: { postgres: '', redis: '', nginx: '', prometheus: '', netdata: '' }, web: '', libraries: '' }
  const missing: string[] = []
  const found = (script: string, ...words: string[]): string => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(['sh', join(root, 'scripts', script), ...words], {
      stdout: 'pipe',
      stderr: 'pipe',
    })
    if (exitCode !== 0) missing.push(stderr.toString().trim() || words.join(' '))
    return stdout.toString().trim()
  }
  const servers = ['postgresql-15', 'redis-tools', 'netdata-core'].map(unpack)
  missing.push(...servers.map(({ why }) => why).filter(Boolean))
  const [postgres = '', redis = '', netdata = ''] = servers.map(({ folder }) => folder)
  const debian = {
    postgres,
    redis,
    netdata,
    nginx: found('next-debian', 'nginx', 'own'),
    prometheus: found('next-debian', 'prometheus', 'own'),
  }
  const packages = ['flask', 'werkzeug', 'jinja2', 'click', 'itsdangerous', 'markupsafe', 'tornado']
  const python = packages.map((name) =>
    join(found('next-debian', `python3-${name}`, 'own'), 'usr/lib/python3/dist-packages'),
  )
  const web = join(found('next-debian', 'netdata-web', 'own'), 'usr/share/netdata/web')
  const npm = ['pg@8.23.1', 'vite@7.1.12', 's3rver@3.7.1'].map((name) => found('npm-program', name))
  const libraries = servers.map((server) => server.libraries).filter(Boolean)
  if (missing.length) return { ...none, python: '', npm: [], why: missing[0] ?? '' }
  return { debian, web, libraries: libraries.join(':'), python: python.join(':'), npm, why: '' }
}

/** A person with the project of ten services in `~/ten` and the programs on the PATH. */
export class TenServices extends SupervisedPerson {
  /** By the port that stands in the file: what is free here. */
  readonly freeOf: ReadonlyMap<string, number>
  /** By the name of the service. */
  readonly portOf: ReadonlyMap<string, number>
  readonly #project = join(this.home, 'ten')
  readonly #bin = join(this.home, 'bin')

  constructor(programs: Programs) {
    super()
    cpSync(join(import.meta.dir, 'project'), this.#project, { recursive: true })
    for (const folder of [
      'redis',
      'prometheus',
      'objects',
      'netdata',
      'postgres',
      'temporary',
      '../bin',
      '../programs',
    ])
      mkdirSync(join(this.#project, folder), { recursive: true })
    this.#install(programs)
    this.environment['PATH'] = [this.#bin, ...programs.npm, this.environment['PATH']].join(':')
    // The packages that the API imports, as `npm install` in the project would put them.
    symlinkSync(dirname(programs.npm[0] ?? ''), join(this.#project, 'node_modules'))
    const text = readFileSync(recipes, 'utf8')
    this.freeOf = new Map([...text.matchAll(/^ {4}port: (\d+)$/gm)].map(([, number = '']) => [number, freePort()]))
    const here = text.replaceAll(/^ {4}port: (\d+)$/gm, (_, number: string) => `    port: ${this.freeOf.get(number)}`)
    this.portOf = new Map(
      [...here.matchAll(/^ {2}(\w+):\n {4}port: (\d+)$/gm)].map(([, name = '', number]) => [name, Number(number)]),
    )
    writeFileSync(join(this.#project, 'services.yaml'), here)
  }

  /** Each program under the name by which the recipes call it. */
  #install({ debian, web, libraries, python }: Programs): void {
    const programs = join(this.home, 'programs')
    // PostgreSQL finds the rest of itself from where its program lies, and as nobody it may read nothing of ours.
    for (const part of ['lib', 'share'])
      cpSync(join(debian.postgres, 'usr', part, 'postgresql'), join(programs, part, 'postgresql'), { recursive: true })
    const [version = ''] = readdirSync(join(programs, 'lib/postgresql'))
    const postgres = join(programs, 'lib/postgresql', version, 'bin')
    const as = isRoot ? `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups ` : ''
    for (const folder of isRoot ? [this.home, this.#project] : []) chmodSync(folder, 0o755)
    const data = join(this.#project, 'postgres')
    chmodSync(data, 0o700)
    if (isRoot) chownSync(data, nobody, nobody)
    for (const name of ['postgres', 'initdb'])
      this.#script(name, `${as}env LC_ALL=C "${join(postgres, name)}"`, libraries)
    const made = Bun.spawnSync([join(this.#bin, 'initdb'), '-D', data, '-A', 'trust', '--no-sync', '-U', 'ten'], {
      cwd: this.#project,
      env: { PATH: process.env.PATH },
      stderr: 'pipe',
    })
    if (made.exitCode !== 0) throw new Error(made.stderr.toString())
    // Debian's redis-server is a link to this program, which knows by its name what it is to do.
    symlinkSync(join(debian.redis, 'usr/bin/redis-check-rdb'), join(programs, 'redis-server'))
    this.#script('redis-server', `"${join(programs, 'redis-server')}"`, libraries)
    this.#script('netdata', `"${join(debian.netdata, 'usr/sbin/netdata')}" -u "$(id -un)"`, libraries)
    symlinkSync(web, join(this.#project, 'netdata/web'))
    symlinkSync(join(debian.nginx, 'usr/sbin/nginx'), join(this.#bin, 'nginx'))
    symlinkSync(join(debian.prometheus, 'usr/bin/prometheus'), join(this.#bin, 'prometheus'))
    writeFileSync(join(this.#bin, 'python3'), `#!/bin/sh\nPYTHONPATH='${python}' exec /usr/bin/python3 "$@"\n`, {
      mode: 0o755,
    })
  }

  #script(name: string, command: string, libraries: string): void {
    writeFileSync(join(this.#bin, name), `#!/bin/sh\nLD_LIBRARY_PATH='${libraries}' exec ${command} "$@"\n`, {
      mode: 0o755,
    })
  }
}
