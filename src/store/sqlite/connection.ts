import { constants } from 'bun:sqlite'
import type { Database, SQLQueryBindings, Statement } from 'bun:sqlite'

type Value = SQLQueryBindings

/* oxlint-disable typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters --
   A row is what its statement names, from STRICT tables: here alone that knowledge becomes a type. */

/** One open SQLite file. Statements are prepared when they are first used, and once. Throws what SQLite throws: `failure.ts` translates. */
export class Connection {
  /** As the user gave it, for messages. */
  readonly path: string
  readonly #database: Database
  readonly #statements = new Map<string, Statement>()

  constructor(path: string, database: Database) {
    this.path = path
    this.#database = database
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[]
  }

  get<Row>(sql: string, ...values: Value[]): Row | null {
    return this.#prepared(sql).get(...values) as Row | null
  }

  run(sql: string, ...values: Value[]): void {
    this.#prepared(sql).run(...values)
  }

  /** Lets the log, empty, and its index stay beside the file when the last one closes it: to make them and to remove them again takes longer than a look (0.5 ms). */
  keepLog(): void {
    this.#database.fileControl(constants.SQLITE_FCNTL_PERSIST_WAL, 1)
  }

  /** Several statements at once, used only once and so not kept. */
  script(sql: string): void {
    this.#database.run(sql)
  }

  /**
   * The work between BEGIN and COMMIT; whatever it throws rolls everything back. IMMEDIATE takes the write lock before the first look, so that
   * nothing can change between a decision and its writing; a deferred transaction is one unchanging view for reading.
   */
  transaction<Result>(kind: 'DEFERRED' | 'IMMEDIATE', work: () => Result): Result {
    this.run(`BEGIN ${kind}`)
    try {
      const result = work()
      this.run('COMMIT')
      return result
    } catch (error) {
      // A full disk or a failed write has rolled back by itself.
      if (this.#database.inTransaction) this.run('ROLLBACK')
      throw error
    }
  }

  /**
   * The last one to close a file writes the log back into it, unless the file is not at its place any more. Statements are finalized first: SQLite would keep the file
   * open for them.
   */
  close(): void {
    for (const statement of this.#statements.values()) statement.finalize()
    this.#statements.clear()
    this.#database.close()
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}
