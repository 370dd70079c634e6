import { afterAll, test } from 'bun:test'
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Person } from './ports.fixture.ts'
import type { Ran } from './ports.fixture.ts'
import { until } from './supervisor.fixture.ts'

const root = join(import.meta.dir, '..')

const plain = '[Unit]\nDescription=Nothing\nDefaultDependencies=no\n'
const targets = { 'default.target': plain, 'sysinit.target': plain, 'basic.target': plain, 'shutdown.target': plain }

/** The only units that it boots with: nothing starts, and a user's manager needs no login. */
const units = {
  root: {},
  system: {
    ...targets,
    'user@.service': [
      '[Unit]',
      'DefaultDependencies=no',
      '[Service]',
      'Type=notify',
      'User=%i',
      'Slice=user-%i.slice',
      'RuntimeDirectory=user/%i',
      'RuntimeDirectoryMode=0700',
      'Environment=XDG_RUNTIME_DIR=/run/user/%i',
      'ExecStart=/usr/lib/systemd/systemd --user',
      'Delegate=yes',
      'KillMode=mixed',
      '',
    ].join('\n'),
  },
  user: {
    ...targets,
    // What a user's manager goes to when it is told to end, see systemd.special(7).
    'exit.target': `${plain}AllowIsolate=yes\nRequires=systemd-exit.service\nAfter=systemd-exit.service\n`,
    'systemd-exit.service': [
      '[Unit]',
      'DefaultDependencies=no',
      'Requires=shutdown.target',
      'After=shutdown.target',
      'SuccessAction=exit-force',
      '[Service]',
      'Type=oneshot',
      'Slice=-.slice',
      'ExecStart=true',
      '',
    ].join('\n'),
  },
}

/** `test` with a systemd that is booted once for the tests of a file. Skipped where none can be, and the title says why. */
export async function systemdTest(): Promise<(title: string, run: (systemd: Systemd) => Promise<void>) => void> {
  const why = whyNoSystemd()
  if (why) return (title) => test.skip(`${title} (skipped: ${why})`, () => {})
  const systemd = await Systemd.boot()
  return (title, run) => test(title, () => run(systemd))
}

/** Empty where one can be booted. */
function whyNoSystemd(): string {
  if (process.getuid?.() !== 0) return 'namespaces need root'
  if (unifiedGroups() === null) return 'no control groups of version 2'
  const missing = ['lib/systemd/systemd', 'bin/systemctl', 'bin/nsenter'].find((path) => !existsSync(`/usr/${path}`))
  return missing ? `there is no /usr/${missing}` : ''
}

function unifiedGroups(): string | null {
  return /^\S+ (\S+) cgroup2 rw/m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1] ?? null
}

/**
 * A real systemd, pid 1 of namespaces of its own: processes, mounts, control groups. It shares the network, `/tmp` and this folder with the machine. Killed
 * when the tests of the file are over, and with it all that runs in there.
 */
class Systemd {
  readonly #folder = mkdtempSync(join(tmpdir(), 'iza-systemd-'))
  readonly #group = join(unifiedGroups() ?? '', `iza-test-${process.pid}-${Date.now()}`)
  readonly #child: Bun.Subprocess
  #pid = 0
  #uid = 4200

  private constructor() {
    const folders = Object.entries(units).map(([kind, files]) => {
      const folder = join(this.#folder, kind)
      mkdirSync(folder)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      return folder
    })
    mkdirSync(this.#group)
    const boot = [join(root, 'test/systemd/boot'), ...folders, tmpdir(), root]
    // Its control group has to be its own before the namespace is made: what it sees as the root is where it stands then.
    const words = ['unshare', '--kill-child', '--pid', '--fork', '--mount', '--cgroup', '--uts', '--ipc', 'sh', ...boot]
    const enter = `echo $$ >"$0/cgroup.procs" && exec setpriv --pdeathsig KILL "$@"`
    this.#child = Bun.spawn(['sh', '-c', enter, this.#group, ...words], {
      stdio: ['ignore', Bun.file(this.#log), Bun.file(this.#log)],
    })
    afterAll(() => this.#stop())
  }

  /** Gives it back when it has booted. */
  static async boot(): Promise<Systemd> {
    const systemd = new Systemd()
    await until(() => systemd.#booted(), 'a systemd that has booted')
    return systemd
  }

  get #log(): string {
    return join(this.#folder, 'log')
  }

  async #booted(): Promise<boolean> {
    if (this.#child.exitCode !== null) throw new Error(`systemd ended: ${readFileSync(this.#log, 'utf8')}`)
    const { pid } = this.#child
    const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    if (!first || readFileSync(`/proc/${first}/comm`, 'utf8') !== 'systemd\n') return false
    this.#pid = Number(first)
    const { out } = await this.run(['systemctl', 'is-active', 'default.target'])
    return out === 'active\n'
  }

  /** The words before a command that is to run in there: as root, or as a user. They keep the folder and the environment. */
  enter(uid: number | null, cwd: string): string[] {
    const entered = ['nsenter', '--target', String(this.#pid), '--mount', '--pid', '--cgroup', '--uts', '--ipc']
    const become = uid === null ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']
    return [...entered, ...become, 'env', `--chdir=${cwd}`]
  }

  /** Runs a command in there as root. */
  async run(command: readonly string[]): Promise<Ran> {
    return answer([...this.enter(null, '/'), ...command])
  }

  /** Starts a system unit that runs a command as a user, or as root. */
  async start(name: string, command: string, user = 'root'): Promise<void> {
    this.#unit(name, `[Service]\nUser=${user}\nExecStart=${command}\n`)
    await this.#begin(name)
  }

  /** Has systemd listen on a port of the loopback for a service that the first connection would start. */
  async listen(name: string, port: number, command: string): Promise<void> {
    this.#unit(`${name}.socket`, `[Socket]\nListenStream=127.0.0.1:${port}\n`)
    this.#unit(`${name}.service`, `[Service]\nExecStart=${command}\n`)
    await this.#begin(`${name}.socket`)
  }

  #unit(name: string, text: string): void {
    writeFileSync(join(this.#folder, 'system', name), `[Unit]\nDefaultDependencies=no\n${text}`)
  }

  async #begin(name: string): Promise<void> {
    for (const words of [['daemon-reload'], ['start', name]]) {
      const { code, err } = await this.run(['systemctl', ...words])
      if (code !== 0) throw new Error(err)
    }
  }

  /** A user of its own, without privileges, with a manager of its own: `systemctl --user` answers. */
  async person(): Promise<SystemdPerson> {
    const uid = this.#uid++
    const person = new SystemdPerson(this, uid)
    chownSync(person.home, uid, uid)
    const line = `person-${uid}:x:${uid}:${uid}::${person.home}:/bin/sh\n`
    appendFileSync(`/proc/${this.#pid}/root/etc/passwd`, line)
    appendFileSync(`/proc/${this.#pid}/root/etc/group`, `person-${uid}:x:${uid}:\n`)
    const { code, err } = await this.run(['systemctl', 'start', `user@${uid}.service`])
    if (code !== 0) throw new Error(`${err}${readFileSync(this.#log, 'utf8')}`)
    return person
  }

  async #stop(): Promise<void> {
    if (this.#pid) process.kill(this.#pid, 'SIGKILL')
    else this.#child.kill('SIGKILL')
    await this.#child.exited
    // The groups are empty once everybody in them has been reaped.
    await until(() => removed(this.#group), 'the control groups are gone')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A person in there. */
export class SystemdPerson extends Person {
  readonly uid: number
  readonly #systemd: Systemd

  constructor(systemd: Systemd, uid: number) {
    super({ XDG_RUNTIME_DIR: `/run/user/${uid}` })
    this.uid = uid
    this.#systemd = systemd
  }

  override async run(command: string[], cwd = this.home): Promise<Ran> {
    return super.run([...this.#systemd.enter(this.uid, cwd), ...command], '/')
  }

  /** What runs in there ends with the systemd. */
  override leave(): Promise<void> {
    rmSync(this.home, { recursive: true, force: true })
    return Promise.resolve()
  }
}

async function answer(command: string[]): Promise<Ran> {
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out, err, code }
}

/** Removes a tree of control groups, the innermost first; whether it is gone. */
function removed(group: string): boolean {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true }))
      if (entry.isDirectory()) removed(join(group, entry.name))
    rmdirSync(group)
    return true
  } catch {
    return false
  }
}
