import { Person, binary } from './ports.fixture.ts'

/** A `ports` of a person that goes on until it is ended, with its lines as they come. */
export class LastingPorts {
  readonly #child: Bun.Subprocess<'ignore', 'pipe', 'inherit'>
  readonly ended: Promise<number>
  said = ''

  constructor(person: Person, words: readonly string[]) {
    this.#child = Bun.spawn([binary, ...words], {
      env: person.environment,
      cwd: person.home,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.ended = this.#child.exited
    void this.#listen()
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder()
    for await (const bytes of this.#child.stdout) this.said += decoder.decode(bytes, { stream: true })
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Waits until it has said something. */
  async says(words: RegExp): Promise<RegExpExecArray> {
    return until(() => words.exec(this.said), `${words} in: ${this.said}`)
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number> {
    this.#child.kill(signal)
    return this.ended
  }
}

/** A person who has a supervisor. What was left to last is killed when the tests of the file are over, before anything else is tidied up. */
export class SupervisedPerson extends Person {
  readonly #lasting: LastingPorts[] = []

  serve(): LastingPorts {
    return this.lasting('serve')
  }

  lasting(...words: string[]): LastingPorts {
    const one = new LastingPorts(this, words)
    this.#lasting.push(one)
    return one
  }

  override async leave(): Promise<void> {
    for (const one of this.#lasting) await one.kill()
    await this.ports('down')
    await super.leave()
  }
}

/** Waits until the look gives something; gives up long after the slowest machine would have. */
export async function until<Found>(look: () => Found | Promise<Found>, what: string): Promise<NonNullable<Found>> {
  for (let turn = 0; turn < 1200; turn++) {
    const found = await look()
    if (found) return found
    await Bun.sleep(50)
  }
  throw new Error(`never seen: ${what}`)
}
