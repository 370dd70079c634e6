import { statSync } from 'node:fs'
import { Problem } from '../../core/problem.ts'

/** The file, its write-ahead log and the index of the log: whoever deletes one of the three splits the readers into two worlds. */
const parts = ['', '-wal', '-shm'] as const

/**
 * Remembers which files on the disk are the ones that a connection has open. A deleted file lives on for those who have it open, so that an
 * old process and a new one would both promise the same port.
 */
export class FileIdentity {
  readonly #path: string
  readonly #known = new Map<string, string>()

  constructor(path: string) {
    this.#path = path
  }

  /** Throws `store-replaced` where a file is not the one it was before. A log that was not there yet is remembered once it is. */
  check(): void {
    for (const part of parts) {
      const now = inodeOf(this.#path + part)
      const known = this.#known.get(part)
      if (known !== undefined && known !== now) throw new Problem('store-replaced', { store: this.#path })
      if (now !== null) this.#known.set(part, now)
    }
  }
}

/** Device and inode, null where there is no such file. As whole numbers: an inode can be greater than 2^53. */
export function inodeOf(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.dev}:${stat.ino}` : null
}
