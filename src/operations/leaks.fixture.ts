import { afterAll } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAddress } from '../core/address.ts'
import type { Listener } from '../core/listener.ts'
import { port } from '../core/port.ts'
import type { Sighting } from '../core/sighting.ts'
import { localFiles } from '../machine/files.ts'
import { fingerprint, localTokens } from '../machine/tokens.ts'
import { openWitness } from '../machine/witness.ts'
import { openJournal } from '../store/journal.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { claim } from './claim.ts'
import { gc } from './gc.ts'
import type { Garbage } from './gc.ts'
import type { Call } from './operation.ts'
import type { Clock, Machine, World } from './world.ts'

const minutes = 60_000

/** A machine whose clocks and listeners the test moves, over a real registry, journal and folder. */
export class Box {
  readonly home = mkdtempSync(join(tmpdir(), 'iza-ports-leaks-'))
  readonly listening = new Set<number>()
  readonly world: World
  boot = 'boot 1'
  at = 3_600_000
  wall = Date.parse('2026-11-25T12:00:00Z')

  constructor() {
    const registry = openSqliteStore({ path: join(this.home, 'registry.db'), host: 'box' })
    const journal = openJournal({ path: join(this.home, 'journal.db') })
    afterAll(async () => {
      await registry.close()
      await journal.close()
      rmSync(this.home, { recursive: true, force: true })
    })
    const clock: Clock = {
      now: () => new Date(this.wall),
      elapsed: () => this.at,
      moment: () => ({ boot: this.boot, at: this.at }),
      sleep: () => Promise.resolve(),
    }
    const rest = {
      journal,
      clock,
      files: localFiles({ logs: this.home, services: join(this.home, 'services.yaml') }),
      tokens: localTokens(join(this.home, 'tokens')),
      witness: openWitness('none', {}),
    }
    const registryAt = (): Promise<never> => Promise.reject(new Error('There is one registry here.'))
    this.world = {
      host: 'box',
      registry,
      registryAt,
      machine: this.#machine(),
      newId: () => crypto.randomUUID(),
      fingerprint,
      ...rest,
    }
  }

  /** Time goes by on all clocks. */
  pass(span: number): void {
    this.at += span
    this.wall += span
  }

  reboot(): void {
    this.boot = `${this.boot}'`
    this.at = 1_000
  }

  call(folder: string): Call {
    return { cwd: folder, environment: {}, signal: new AbortController().signal, progress: () => {} }
  }

  /** Claims a port for the name, for the owner or for the folder. */
  async claim(name: string, input: { owner?: string; ttl?: string } = {}, folder = this.home): Promise<number> {
    const words = claim.input.parse({ names: [name], ...input })
    const { claims } = await claim.run(this.world, words, this.call(folder))
    return claims[0]?.port ?? 0
  }

  /** What `ports gc` says of each claim, shortest. */
  async gc(yes = false): Promise<string[]> {
    const { claims } = await gc.run(this.world, { yes }, this.call(this.home))
    return claims.map(outline)
  }

  /** `ports gc` so often, with these minutes in between. */
  async look(times: number, apart = 5): Promise<string[]> {
    let said: string[] = []
    for (let turn = 0; turn < times; turn++) {
      if (turn > 0) this.pass(apart * minutes)
      said = await this.gc()
    }
    return said
  }

  async ports(): Promise<number[]> {
    return (await this.world.registry.read()).allocations.map(({ port: number }) => Number(number))
  }

  async sightings(): Promise<Sighting[]> {
    return this.world.journal.sightings(this.world.registry.place)
  }

  #machine(): Machine {
    const refuse = (): never => {
      throw new Error('not needed to find leaks')
    }
    return {
      listeners: async () => [...this.listening].map(listenerOn),
      probe: async (endpoint) => (this.listening.has(endpoint.port) ? 'taken' : 'free'),
      kernel: async () => ({ ephemeral: null, reserved: [], unprivilegedFrom: 1024 }),
      processes: refuse,
      self: refuse,
      environmentOf: refuse,
      signal: refuse,
      startNow: refuse,
      stopContainer: refuse,
      keepSocket: refuse,
      unitEnding: refuse,
      takeSocket: refuse,
      trimMemory: refuse,
      closeSocket: refuse,
      knock: refuse,
      alive: refuse,
      spawn: refuse,
      runHere: refuse,
      isHealthy: refuse,
      answer: refuse,
      follow: refuse,
    }
  }
}

function outline({ service, why, standing, seen, used, outcome }: Garbage['claims'][number]): string {
  return [service.split(' @ ')[0], why, standing, used ? 'used' : `${seen}x`, outcome].join(' ')
}

function listenerOn(number: number): Listener {
  const holders = { inode: number, uid: 0, user: 'root', holders: [] }
  return { protocol: 'tcp', family: 4, address: parseAddress('*'), port: port(number), ...holders }
}
