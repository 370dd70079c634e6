import { mkdirSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import type { ProcessIdentity } from '../../core/listener.ts'
import type { Ending } from '../../core/process.ts'
import { Problem } from '../../core/problem.ts'
import { runVariable, serviceVariable } from '../../core/run.ts'
import type { Start, Started, UnitStart } from '../../operations/world.ts'
import { identityOf, isAlive } from './identity.ts'
import { readStat } from './stat.ts'

/** Between two looks whether the service goes on, in milliseconds. */
const pause = 100

/**
 * Starts a program as a transient service of the user's systemd (systemd-run(1)), in a control group of its own and out of the session that we were started in. The environment
 * travels by name, so that no value of it stands in a command line. Throws `backend-unavailable` and `spawn-failed`.
 */
export function spawnUnit(start: Start, unit: UnitStart): Started {
  const { name, service } = unit
  const unavailable = (why: string): Problem => new Problem('backend-unavailable', { service, why })
  const program = Bun.which('systemd-run', { PATH: start.environment['PATH'] ?? '' }) ?? Bun.which('systemd-run')
  if (!program) throw unavailable('there is no systemd-run')
  if (!statSync(start.cwd, { throwIfNoEntry: false })?.isDirectory())
    throw new Problem('spawn-failed', { command: start.command.join(' '), why: `there is no folder ${start.cwd}` })
  mkdirSync(dirname(start.log), { recursive: true, mode: 0o700 })
  // The mark of the run is for what the unit runs: who only asks for it is no part of it.
  const { [runVariable]: run = '', [serviceVariable]: marked = '', ...environment } = start.environment
  const marks = [`--setenv=${runVariable}=${run}`, `--setenv=${serviceVariable}=${marked}`]
  const asked = Bun.spawnSync(
    [program, ...wordsFor(start, environment, unit), ...marks, '--', ...start.command.map(literal)],
    {
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const told = tellOf(name, environment)
  // One that ends at once may be over before systemd has said that it began.
  if (asked.exitCode !== 0 && !Number(told.get('ExecMainPID')))
    throw unavailable(asked.stderr.toString().trim() || `systemd-run ended with ${asked.exitCode}`)
  const pid = Number(told.get('MainPID')) || Number(told.get('ExecMainPID')) || asked.pid
  const process = identityOf({ pid, start: readStat(pid)?.start ?? 0 })
  return { process, ended: untilEnded(process, name, environment) }
}

/** systemd puts variables in the place of `$NAME` and `${NAME}` before the shell sees them, unless the sign stands there twice; systemd.service(5). */
function literal(word: string): string {
  return word.replaceAll('$', '$$$$')
}

function wordsFor(
  { cwd, log, memory }: Start,
  environment: Readonly<Record<string, string>>,
  { name, service, stop }: UnitStart,
): string[] {
  const properties = {
    WorkingDirectory: cwd,
    StandardInput: 'null',
    StandardOutput: `append:${log}`,
    StandardError: `append:${log}`,
    KillSignal: `SIG${stop.signal}`,
    TimeoutStopSec: `${stop.seconds}s`,
    // What came with a run goes with it, wherever it went; whether it is started again is ours to say.
    KillMode: 'control-group',
    Restart: 'no',
    UMask: '0022',
    ...(memory === null ? {} : { MemoryMax: String(memory) }),
  }
  return [
    '--user',
    '--quiet',
    `--unit=${name}`,
    `--description=${service} (ports)`,
    '--service-type=exec',
    ...Object.entries(properties).map(([key, value]) => `--property=${key}=${value}`),
    // A name that is none for systemd is left out: it could not be told.
    ...Object.keys(environment).flatMap((key) => (/^[A-Za-z_]\w*$/.test(key) ? `--setenv=${key}` : [])),
  ]
}

async function untilEnded(
  process: ProcessIdentity,
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<Ending> {
  while (isAlive(process)) await new Promise<void>((resolve) => void setTimeout(resolve, pause).unref())
  return unitEnding(name, environment)
}

/** How a unit of ours ended, which its manager forgets thereby: one that it does not know any more ended well. */
export function unitEnding(name: string, environment: Readonly<Record<string, string>>): Ending {
  const told = tellOf(name, environment)
  Bun.spawnSync(['systemctl', '--user', 'reset-failed', '--', name], { env: { ...environment }, stderr: 'ignore' })
  return endingOf(told)
}

/** `ExecMainCode` is the `si_code` of waitid(2): 1 exited, 2 killed, 3 dumped. */
function endingOf(told: ReadonlyMap<string, string>): Ending {
  const status = Number(told.get('ExecMainStatus') ?? 0)
  const isSignal = told.get('ExecMainCode') === '2' || told.get('ExecMainCode') === '3'
  if (!isSignal) return { code: status, signal: null }
  const [signal = String(status)] = Object.entries(constants.signals).find(([, number]) => number === status) ?? []
  return { code: null, signal }
}

function tellOf(name: string, environment: Readonly<Record<string, string>>): Map<string, string> {
  const properties = 'MainPID,ExecMainPID,ExecMainCode,ExecMainStatus'
  const { stdout } = Bun.spawnSync(['systemctl', '--user', 'show', `--property=${properties}`, '--', name], {
    env: { ...environment },
    stdout: 'pipe',
    stderr: 'ignore',
  })
  return new Map([...stdout.toString().matchAll(/^(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]))
}
