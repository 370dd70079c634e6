import { afterEach, beforeEach } from 'bun:test'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KilledPort } from '../../src/operations/kill/kill.ts'
import type { ListenSpecification } from './servers/listen.ts'

const root = join(import.meta.dir, '../..')
/** The compiled program under test. */
const binary = process.env.PORTS_BINARY ?? join(root, 'dist/ports')
/** In the environment of all that a test starts, so that what these start in turn is found as well. */
const markName = 'IZA_PORTS_TEST_MARK'

let mark = ''
let home = ''

/** To be called by every test file itself: a hook that a shared module registers works in the first file alone. */
export function endEverythingAfterEach(): void {
  beforeEach(() => {
    mark = crypto.randomUUID()
    home = mkdtempSync(join(tmpdir(), 'iza-ports-peers-'))
  })
  afterEach(async () => {
    // A supervisor may start another one while we look: until nobody is left.
    for (let left = markedProcesses(); left.length > 0; left = markedProcesses()) {
      for (const pid of left) end(pid)
      await Bun.sleep(5)
    }
    rmSync(home, { recursive: true, force: true })
  })
}

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Where the commands of a test keep what they know. */
export function homeOfTest(): string {
  return home
}

/** The words of a `ports` command line. */
export function ports(...words: string[]): string[] {
  return [binary, ...words]
}

/** Runs one command line of the compiled program to its end. */
export async function runPorts(...words: string[]): Promise<Answer> {
  const child = Bun.spawn(ports(...words), { stdio: ['ignore', 'pipe', 'pipe'], env: environment() })
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code, stdout, stderr }
}

/** Kills one port, and gives the exit code beside what is told of that port. */
export async function kill(port: number, ...options: string[]): Promise<KilledPort & { readonly code: number }> {
  const { code, stdout, stderr } = await runPorts('kill', String(port), '--json', ...options)
  const [first] = (JSON.parse(stdout || '{}') as { ports?: KilledPort[] }).ports ?? []
  if (!first) throw new Error(`ports kill ${port} says: ${stdout}${stderr}`)
  return { ...first, code }
}

/** Starts a program of this test, detached where it is to lead a group of its own. Ended after the test. */
export function launch(command: readonly string[], options: { detached?: boolean; descriptor?: number } = {}) {
  const extra = options.descriptor === undefined ? [] : [options.descriptor]
  return Bun.spawn([...command], {
    stdio: ['ignore', 'pipe', 'inherit', ...extra],
    env: environment(),
    detached: options.detached ?? false,
  })
}

/** Starts a program of this test, and gives the line of JSON that it writes when it is ready. */
export async function launchReady<Line = { pid: number }>(
  command: readonly string[],
  options: { detached?: boolean } = {},
): Promise<Line> {
  const reader = launch(command, options).stdout.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (!text.includes('\n')) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`${command.join(' ')} ended before it was ready`)
    text += decoder.decode(value, { stream: true })
  }
  return JSON.parse(text) as Line
}

/** The command line of one of the programs in `servers/`. */
export function server(name: string, ...words: (string | number)[]): string[] {
  return [process.execPath, join(import.meta.dir, 'servers', name), ...words.map(String)]
}

/** The command line of a server that listens. */
export function listening(specification: ListenSpecification): string[] {
  return server('listen.ts', JSON.stringify(specification))
}

/** Starts a server that listens, on 127.0.0.1 where nothing else is said. */
export async function listen(
  port: number,
  more: Partial<ListenSpecification> = {},
): Promise<{ pid: number; helper: number }> {
  return await launchReady(listening({ host: '127.0.0.1', port, ...more }))
}

/** Whether a server could listen there now, as strictly as a server for both families asks. */
export function isBindable(port: number, hostname = '::'): boolean {
  try {
    const options = { hostname, port, exclusive: true }
    Bun.listen({ ...options, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}

/** Whether the process runs: one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  return /\) [^ZX]/.test(textOf(`/proc/${pid}/stat`))
}

/** Looks again until there is something to see. */
export async function until<Seen>(look: () => Seen | null | false, what: string): Promise<Seen> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const seen = look()
    if (seen !== null && seen !== false) return seen
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await Bun.sleep(5)
  }
}

function environment(): Record<string, string | undefined> {
  return { ...process.env, IZA_PORTS_HOME: home, [markName]: mark }
}

function markedProcesses(): number[] {
  const entry = `${markName}=${mark}`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && textOf(`/proc/${pid}/environ`).split('\0').includes(entry))
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself since we looked.
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
