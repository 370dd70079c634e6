import { afterEach, beforeEach, describe } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { port as portOf } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'

const endings: (() => unknown)[] = []

/** Has the thing ended when the test is over, the latest first. The test file has called `cleanUpAfterEach`. */
export function cleanUp(end: () => unknown): void {
  endings.push(end)
}

/** To be called by every test file itself: a hook that a shared module registers works in the first file alone. */
export function cleanUpAfterEach(): void {
  afterEach(async () => {
    for (const end of endings.splice(0).toReversed()) await end()
  })
}

/** A TCP listener of our own process. */
export interface OpenListener {
  readonly port: PortNumber
  readonly fd: number
  stop(): void
}

/** Listens as a server would; port 0 lets the kernel choose. `*` is a dual socket, `::` an IPv6-only one. */
export function listenOn(address: string, port = 0, options: { reusePort?: boolean } = {}): OpenListener {
  const hostname = address === '*' ? '::' : address
  const given = { hostname, port, ipv6Only: address === '::', exclusive: options.reusePort !== true, ...options }
  const listener = Bun.listen({ ...given, socket: { data() {} } })
  cleanUp(() => listener.stop(true))
  return { port: portOf(listener.port), fd: Number(Reflect.get(listener, 'fd')), stop: () => listener.stop(true) }
}

/** Starts a program that is killed when the test is over. */
export function run(
  command: string[],
  options: { fd?: number; cwd?: string; environment?: Record<string, string> } = {},
) {
  const child = Bun.spawn(command, {
    stdio: ['ignore', 'pipe', 'inherit', ...(options.fd === undefined ? [] : [options.fd])],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.environment },
  })
  cleanUp(async () => {
    child.kill('SIGKILL')
    await child.exited
  })
  return child
}

/** A Bun program that is killed when the test is over; given back when it has written its first line, with that line. */
export async function runProgram(program: string, ...words: string[]) {
  const child = run([process.execPath, '-e', program, ...words])
  return { child, line: await firstLine(child.stdout) }
}

export async function firstLine(output: ReadableStream<Uint8Array>): Promise<string> {
  const reader = output.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (!text.includes('\n')) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  reader.releaseLock()
  return text.split('\n', 1)[0] ?? ''
}

/** What the system calls the user that we are. */
export function ownName(): string {
  return Bun.spawnSync(['id', '-un']).stdout.toString().trim()
}

/** Looks again until there is something to see. */
export async function until<Seen>(look: () => Promise<Seen | null | undefined | false>, what: string): Promise<Seen> {
  const deadline = performance.now() + 4000
  for (;;) {
    const seen = await look()
    if (seen !== null && seen !== undefined && seen !== false) return seen
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await Bun.sleep(5)
  }
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'iza-ports-'))
  cleanUp(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The same tests with system calls of ours and without. */
export function bothWays(name: string, tests: (way: 'native' | 'portable') => void): void {
  describe.each(['native', 'portable'] as const)(`${name} (%s)`, (way) => {
    let before: string | undefined
    beforeEach(() => {
      before = process.env['IZA_PORTS_NATIVE']
      process.env['IZA_PORTS_NATIVE'] = way === 'native' ? '1' : '0'
    })
    afterEach(() => {
      if (before === undefined) delete process.env['IZA_PORTS_NATIVE']
      else process.env['IZA_PORTS_NATIVE'] = before
    })
    tests(way)
  })
}
