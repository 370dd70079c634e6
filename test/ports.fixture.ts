import { afterAll } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The program that the journeys are made with: the compiled one. `npm test` builds it first. */
export const binary = process.env.PORTS_BINARY ?? join(import.meta.dir, '../dist/ports')
export const seed = join(import.meta.dir, '../seed/iza-os-port-management.md')

export interface Ran {
  readonly out: string
  readonly err: string
  readonly code: number
}

/** A person with an empty home: runs commands there, and everything that was started is ended when the tests of the file are over. */
export class Person {
  readonly home = mkdtempSync(join(tmpdir(), 'iza-ports-test-'))
  readonly environment: Record<string, string>

  constructor(more: Record<string, string> = {}) {
    this.environment = { PATH: process.env.PATH ?? '', HOME: this.home, NO_COLOR: '1', ...more }
    afterAll(() => this.leave())
  }

  /** `ports` with these words. */
  async ports(...words: string[]): Promise<Ran> {
    return this.run([binary, ...words])
  }

  /** `ports` with these words and `--json`, its answer read. */
  async json<Answer>(...words: string[]): Promise<Answer> {
    const { out, err } = await this.ports(...words, '--json')
    if (!out) throw new Error(err)
    return JSON.parse(out) as Answer
  }

  async run(command: string[], cwd = this.home): Promise<Ran> {
    const child = Bun.spawn(command, { env: this.environment, cwd, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
    return { out, err, code }
  }

  /** Every service that was started is ended through the product, which knows its processes; then the home goes. */
  async leave(): Promise<void> {
    const { services = [] } = await this.json<{ services?: { name: string; verdict: string }[] }>('status')
    for (const { name, verdict } of services) if (verdict === 'active') await this.ports('stop', name)
    rmSync(this.home, { recursive: true, force: true })
  }
}

/** A command for a server in Bun that listens on `PORT`, or on what stands behind it. No quote of the shell stands in it. */
export function serverCommand(port = 'process.env.PORT', before = ''): string {
  return `"${process.execPath}" -e '${before}; Bun.serve({ port: ${port}, fetch: () => new Response("hello") })'`
}
