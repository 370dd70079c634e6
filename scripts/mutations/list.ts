/** A fault that somebody could make, and the tests that have to see it. */
export interface Fault {
  readonly name: string
  readonly file: string
  /** Text that stands in the file once, and what the fault makes of it. */
  readonly from: string
  readonly to: string
  readonly tests: readonly string[]
  /** Only the tests whose titles match, where the file has many others. */
  readonly only?: string
}

const sqlite = 'src/store/sqlite'
const etcd = 'src/store/etcd'
const contract = { tests: ['src/store/store.test.ts'] }
const stale = { tests: [`${etcd}/stale.test.ts`] }

export const faults: readonly Fault[] = [
  {
    name: 'SQLite decides in a deferred transaction',
    file: `${sqlite}/sqlite-file.ts`,
    from: "transaction('IMMEDIATE'",
    to: "transaction('DEFERRED'",
    tests: ['src/store/sqlite.processes.test.ts'],
    only: 'gives distinct ports',
  },
  {
    name: 'the table has no key over the endpoint',
    file: `${sqlite}/registry-form.ts`,
    from: 'PRIMARY KEY (host, protocol, port, address)',
    to: 'PRIMARY KEY (host, protocol, port, address, id)',
    tests: ['src/store/sqlite.test.ts'],
    only: 'refuses in the tables',
  },
  {
    name: 'SQLite does a commit again that has its answer already',
    file: 'src/store/sqlite.ts',
    from: 'if (answered) return answered',
    to: '',
    ...contract,
    only: 'committing',
  },
  {
    name: 'a commit into a deleted file is acknowledged',
    file: `${sqlite}/sqlite-file.ts`,
    from: 'must not be acknowledged.\n      identity.check()',
    to: 'must not be acknowledged.',
    tests: ['src/store/sqlite.test.ts'],
    only: 'a file that goes',
  },
  {
    name: 'the checksum of a row is not looked at',
    file: `${sqlite}/rows.ts`,
    from: '!== row.checksum',
    to: '=== Number.NaN',
    tests: ['src/store/sqlite.test.ts'],
    only: 'a damaged file',
  },
  {
    name: 'a first start replaces the file that another one has just made',
    file: `${sqlite}/create.ts`,
    from: '    linkSync(draft, path)',
    to: "    linkSync(draft, `${draft}2`)\n    require('node:fs').renameSync(`${draft}2`, path)",
    tests: ['src/store/sqlite.processes.test.ts'],
    only: 'start at once',
  },
  {
    name: 'writers do not wait for their turn',
    file: `${sqlite}/sqlite-file.ts`,
    from: 'this.#inTurn(inode, () =>',
    to: '((_: bigint, work: () => Result) => work())(inode, () =>',
    tests: ['src/store/sqlite.processes.test.ts'],
    only: 'waits for its turn',
  },
  {
    name: 'a killed writer keeps its turn',
    file: 'src/machine/native/writer-queue.ts',
    from: 'add === 0 ? 0 : SEM_UNDO',
    to: '0',
    tests: ['src/machine/native/writer-queue.test.ts'],
    only: 'that is killed',
  },
  {
    name: 'two addresses overlap only when they are the same',
    file: 'src/core/allocation.ts',
    from: 'overlaps(a.address, b.address)',
    to: 'a.address === b.address',
    ...contract,
    only: 'overlapping',
  },
  {
    name: 'an old fence is good enough',
    file: 'src/core/draft.ts',
    from: 'if (allocation.fence !== fence) throw',
    to: 'if (allocation.fence < fence) throw',
    ...contract,
    only: 'committing|placing',
  },
  {
    name: 'a watcher passes over a gap',
    file: 'src/store/follow.ts',
    from: 'if (newest !== seen && commits[0]?.revision !== seen + 1)',
    to: 'if (newest < seen)',
    ...contract,
    only: 'watching',
  },
  {
    name: 'a retry on etcd does not compare the id',
    file: `${etcd}/commit.ts`,
    from: 'compare: [first, ...within',
    to: 'compare: [...within',
    ...stale,
  },
  {
    name: 'a lease is attached to the claim',
    file: `${etcd}/commit.ts`,
    from: 'success: stepsOf(decided, writes, window, this.#keys),',
    to: `success: JSON.parse(JSON.stringify(stepsOf(decided, writes, window, this.#keys)).replaceAll(
          '"request_put":{',
          \`"request_put":{"lease":"\${(await this.#client.read<{ ID: string }>('/v3/lease/grant', { TTL: '60' })).ID}",\`,
        )),`,
    ...stale,
    only: 'lease',
  },
  {
    name: 'nobody compares that the port is still free',
    file: `${etcd}/asking.ts`,
    from: 'for (const folder of taken) compares.push',
    to: 'for (const folder of [] as string[]) compares.push',
    tests: [`${etcd}/stale.test.ts`, `${etcd}/contract.test.ts`],
    only: 'older state|racing',
  },
  {
    name: 'nobody compares that the preferred port is still taken',
    file: `${etcd}/asking.ts`,
    from: 'compares.push(...entries.map(({ key, modified }) => unchanged(key, modified)))',
    to: 'void entries',
    ...stale,
  },
  {
    name: 'what a service has is not looked up',
    file: `${etcd}/lookups.ts`,
    from: 'sole ? [',
    to: 'sole && id === name ? [',
    tests: [`${etcd}/stale.test.ts`, `${etcd}/model.test.ts`],
  },
  {
    name: 'a server that stops is believed to have done nothing',
    file: `${etcd}/failure.ts`,
    from: '/no leader|too many requests/',
    to: '/no leader|too many requests|server stopped/',
    tests: [`${etcd}/wrong-answers.test.ts`],
  },
  {
    name: 'a refusal is believed although a request is still on its way',
    file: `${etcd}/commit.ts`,
    from: 'if (this.#unknownOutcome && isProblem(error)',
    to: "if (this.#unknownOutcome && isProblem(error, 'unavailable')",
    tests: [`${etcd}/wrong-answers.test.ts`],
  },
  {
    name: 'a watcher of etcd begins one commit late',
    file: `${etcd}/log.ts`,
    from: 'key: keys.number(after + 1), end',
    to: 'key: keys.number(after + 2), end',
    tests: [`${etcd}/lost-answers.test.ts`],
    only: 'compacted',
  },
  {
    name: 'a look at a process that is as young as the look is taken for good',
    file: 'src/operations/settled.ts',
    from: 'every(({ start }) => start < now)',
    to: 'every(({ start }) => start <= now)',
    tests: ['test/pid-reuse/pid-reuse.test.ts'],
    only: 'no foreign process',
  },
  {
    name: 'what systemd starts in a terminal is stopped with the terminal',
    file: 'src/core/stop/unit.ts',
    from: 'within.some(({ kind }) => people.has(kind)) ? null : unit',
    to: 'unit',
    tests: ['src/core/stop/plan.test.ts'],
  },
  {
    name: 'who the index of sockets does not name is passed over',
    file: 'src/machine/listeners/walk-all.ts',
    from: 'if (unnamed) for (const pid of unnamed) look(pid)',
    to: '',
    tests: ['src/machine/listeners/walk-all.test.ts'],
  },
  {
    name: 'the index of sockets takes another number of the kernel for that of a socket',
    file: 'src/machine/native/socket-index.ts',
    from: '[does.load64, 3, 1, layout.number, 0]',
    to: '[does.load64, 3, 1, layout.number + 8, 0]',
    tests: ['src/machine/native/socket-index.test.ts'],
  },
  {
    name: 'who has few files open is passed over',
    file: 'src/machine/native/descriptors.ts',
    from: 'stat[sizeWord] !== 0',
    to: '(stat[sizeWord] ?? 0) > 8',
    tests: ['src/machine/listeners/holders.test.ts'],
  },
  {
    name: 'what belongs to a torn character is kept for the next command line',
    file: 'src/machine/processes/details.ts',
    from: 'if (torn) decoder.decode()',
    to: '',
    tests: ['src/machine/listeners/holders.test.ts'],
  },
]
