import { runUnit } from '../core/cgroup.ts'
import { nameKey } from '../core/name.ts'
import type { Ending } from '../core/process.ts'
import type { HealthCheck, Recipe } from '../core/recipe.ts'
import type { Run } from '../core/run.ts'
import { describeEnding } from '../core/serve-event.ts'
import type { ServeNews } from '../core/serve-event.ts'
import { atRest, pauseAfter, supervise } from '../core/supervise.ts'
import type { Supervised, SuperviseEvent } from '../core/supervise.ts'
import type { Beginning } from './ready.ts'
import { endProcesses } from './end.ts'
import { startKept } from './start-kept.ts'
import { ownListeners } from './ready.ts'
import type { Call } from './operation.ts'
import { currentRun, everyMember, starterOf } from './runs.ts'
import type { CurrentRun } from './runs.ts'
import { RunWatch } from './run-watch.ts'
import type { World } from './world.ts'

const unseen: Ending = { code: null, signal: null }

/** What all services that are kept up share. */
export interface Keeper {
  readonly world: World
  readonly call: Call
  readonly tell: (service: string, news: ServeNews) => void
}

/**
 * One service that is kept up. What happens to it goes through `supervise`, and what that answers is done here. While something is being done to it nothing
 * else is: a start and an end of one service never meet.
 */
export class KeptService {
  readonly service: string
  recipe: Recipe
  /** Somebody wants it; whoever does not any more has the last word. */
  wanted = true
  readonly #keeper: Keeper
  #state: Supervised = { ...atRest, wanted: true }
  #watch: RunWatch | null = null
  #busy = false
  #checking = false
  #nextCheck = 0
  #why = ''

  constructor(keeper: Keeper, service: string, recipe: Recipe) {
    this.#keeper = keeper
    this.service = service
    this.recipe = recipe
  }

  /** Nothing of it is under way. */
  get idle(): boolean {
    return !this.#busy
  }

  /** The run that is watched, null where none is known. */
  get run(): Run | null {
    return this.#watch?.run ?? null
  }

  /** Takes the service over as it is found: running, failed, ended while nobody looked, or never started. */
  async takeOver(): Promise<void> {
    const { journal } = this.#keeper.world
    if (await this.adopt()) return
    const setback = (await journal.setbacks()).find(({ service }) => nameKey(service) === nameKey(this.service))
    if (setback?.phase === 'failed') {
      this.#state = { ...this.#state, phase: 'failed', since: this.#now() }
      return
    }
    const [last] = await journal.runs({ service: this.service })
    if (!last) return this.#happened({ kind: 'wanted' })
    this.#state = { ...this.#state, phase: 'starting', since: this.#now() }
    await this.#ended(last.ending ?? (await this.#unitEnding(last)) ?? unseen, null)
  }

  /** Watches the run that somebody else began, where one runs; whether one does. */
  async adopt(): Promise<boolean> {
    if (this.#busy) return false
    const current = await currentRun(this.#keeper.world, this.service)
    if (current) await this.#watchOver(current)
    return current !== null
  }

  async #watchOver({ run, members }: CurrentRun): Promise<void> {
    this.#watch = new RunWatch(run, null, members)
    this.#state = { ...this.#state, wanted: true }
    this.#keeper.tell(this.service, { kind: 'adopted', port: run.port, pid: run.process.pid })
    await this.#happened({ kind: 'began' })
  }

  /** Looks once: whether it still runs, is ready, is well, and whether its time has come. */
  async step(): Promise<void> {
    if (this.#busy) return
    if (this.#watch && !(await this.#watch.alive(this.#keeper.world))) return this.#died(this.#watch)
    if (this.#watch && this.#state.phase === 'starting') return this.#awaitReady(this.#watch.run)
    this.#check()
    if (this.#state.phase === 'backing-off') await this.#happened({ kind: 'time' })
  }

  async #awaitReady(run: Run): Promise<void> {
    const { world } = this.#keeper
    const { port, protocol } = run
    const listeners = await world.machine.listeners({ ports: new Set([port]), protocol, holders: 'none' })
    if (listeners.length && (await ownListeners(world, run)).length) return this.#happened({ kind: 'became-ready' })
    // What would not be started again is not ended, and whoever starts it gives it the time that they were told to give.
    if (this.recipe.restart !== 'no' && !(await starterOf(world, this.service))) await this.#happened({ kind: 'time' })
  }

  async #died(watch: RunWatch): Promise<void> {
    const { world } = this.#keeper
    const ending = (await watch.ending(world)) ?? (await this.#unitEnding(watch.run)) ?? unseen
    await this.#endMembers(watch.run)
    await world.journal.end(watch.run.id, ending, world.clock.now().toISOString())
    this.#watch = null
    // Who stops a service says so before it ends; who restarts it has begun another run before it is wanted again.
    if (!(await this.#isWanted())) return this.letGo()
    if (await this.adopt()) return
    await this.#ended(ending, this.#state.phase === 'unhealthy' ? this.#why : null)
  }

  /** systemd knows how a unit ended, whoever had started it. */
  async #unitEnding({ id }: Run): Promise<Ending | null> {
    const { world, call } = this.#keeper
    return this.recipe.backend === 'systemd' ? world.machine.unitEnding(runUnit(id), call.environment) : null
  }

  async #ended(ending: Ending, why: string | null): Promise<void> {
    this.#why = why ?? describeEnding(ending)
    this.#keeper.tell(this.service, { kind: 'ended', ending, why })
    await this.#happened({ kind: 'ended', ending })
  }

  /** Nobody wants it any more: it is left as it is. */
  letGo(): void {
    if (this.wanted) this.#keeper.tell(this.service, { kind: 'let-go' })
    this.wanted = false
  }

  #check(): void {
    const { health, cwd } = this.recipe
    const { phase } = this.#state
    const run = this.#watch?.run
    if (!health || !run || this.#checking || (phase !== 'ready' && phase !== 'unhealthy')) return
    if (this.#now() < this.#nextCheck) return
    void this.#ask(run, health, cwd)
  }

  async #ask(run: Run, health: HealthCheck, cwd: string): Promise<void> {
    const { world, call } = this.#keeper
    this.#checking = true
    try {
      const good = await world.machine.isHealthy(health, run.port, { cwd, environment: call.environment })
      this.#nextCheck = this.#now() + health.every * 1000
      // Its answer is about a run that may be over.
      if (this.#watch?.run.id !== run.id) return
      if (!good) this.#why = `its ${health.kind} health check failed`
      await this.#happened({ kind: 'checked', good })
    } catch (error) {
      call.progress(`${this.service}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      this.#checking = false
    }
  }

  /** The one place where the state changes. */
  async #happened(event: SuperviseEvent): Promise<void> {
    const before = this.#state
    const policy = { restart: this.recipe.restart, readyWithin: this.recipe.within * 1000 }
    const { state, act } = supervise(before, event, policy, this.#now())
    this.#state = state
    if (state.phase !== before.phase) await this.#entered(before.phase)
    if (act === 'start') void this.#during(() => this.#start())
    if (act === 'stop') void this.#during(() => this.#end())
  }

  async #entered(before: Supervised['phase']): Promise<void> {
    const { phase, ends } = this.#state
    const { tell, world } = this.#keeper
    const why = this.#why
    if (phase === 'ready') {
      await this.#watch?.becameReady(world)
      this.#nextCheck = this.#now() + (this.recipe.health?.every ?? 0) * 1000
      if (before === 'unhealthy') tell(this.service, { kind: 'healthy' })
      else if (this.run) tell(this.service, { kind: 'ready', port: this.run.port, pid: this.run.process.pid })
    }
    if (phase === 'unhealthy') {
      if (before === 'starting') this.#why = `it did not listen within ${this.recipe.within} s`
      tell(this.service, { kind: 'unhealthy', why: this.#why })
    }
    if (phase === 'backing-off')
      tell(this.service, { kind: 'backing-off', milliseconds: pauseAfter(ends.length), ends: ends.length })
    if (phase === 'failed') tell(this.service, { kind: 'failed', ends: ends.length, why })
    const setback = phase === 'unhealthy' || phase === 'backing-off' || phase === 'failed' ? phase : null
    if (setback || before === 'unhealthy') {
      const at = world.clock.now().toISOString()
      const { service } = this
      await world.journal.note(service, setback && { service, phase: setback, ends: ends.length, why: this.#why, at })
    }
    if (phase === 'stopped') await this.#restInPeace()
  }

  /** Its end was its end: it is not wanted any more, unless somebody has begun it again. */
  async #restInPeace(): Promise<void> {
    const { world } = this.#keeper
    const self = world.machine.self()
    if ((await world.journal.takeTurn(this.service, self, null)) !== null) return
    try {
      if (await currentRun(world, this.service)) return
      await world.journal.want(this.service, false)
      this.letGo()
    } finally {
      await world.journal.endTurn(this.service, self)
    }
  }

  async #during(work: () => Promise<void>): Promise<void> {
    this.#busy = true
    try {
      await work()
    } catch (error) {
      this.#why = error instanceof Error ? error.message : String(error)
      this.#keeper.call.progress(`${this.service}: ${this.#why}`)
      // What could not even be tried is tried again like what ended.
      if (!this.#watch) await this.#ended(unseen, this.#why).catch(() => {})
    } finally {
      this.#busy = false
    }
  }

  async #start(): Promise<void> {
    const outcome = await startKept(this.#keeper, this.service, this.recipe, (beginning) => this.#begun(beginning))
    switch (outcome.kind) {
      case 'ready':
        return this.#happened({ kind: 'became-ready' })
      case 'running':
        this.#watch = null
        this.#busy = false
        await this.adopt()
        return
      case 'unwanted':
        return this.letGo()
      case 'failed':
        this.#watch = null
        if (!(await this.#isWanted())) return this.letGo()
        return this.#ended(outcome.ending, outcome.why)
    }
  }

  #begun({ run, ended }: Beginning): void {
    this.#watch = new RunWatch(run, ended, [run.process])
    this.#keeper.tell(this.service, { kind: 'started', port: run.port, pid: run.process.pid })
    void this.#happened({ kind: 'began' })
  }

  /** Ends a run that is not well. It stays wanted, and comes back by its policy. */
  async #end(): Promise<void> {
    if (this.#watch) await this.#endMembers(this.#watch.run)
  }

  /** Ends whatever processes the run has, wherever they went. Nothing else is done to the service meanwhile. */
  async #endMembers(run: Run): Promise<void> {
    const { world } = this.#keeper
    const members = await everyMember(world, run)
    if (!members.length) return
    const { signal, seconds } = this.recipe.stop
    const before = this.#busy
    this.#busy = true
    try {
      await endProcesses(world, members, seconds * 1000, null, signal)
    } finally {
      this.#busy = before
    }
  }

  async #isWanted(): Promise<boolean> {
    return (await this.#keeper.world.journal.wanted()).some((one) => nameKey(one) === nameKey(this.service))
  }

  #now(): number {
    return this.#keeper.world.clock.elapsed()
  }
}
