import type { Entry } from './wire.ts'

/** The entries of one folder of claims, complete as they were at etcd's revision `asOf`. */
export interface KnownFolder {
  readonly asOf: number
  readonly entries: readonly Entry[]
}

/**
 * What this program has seen of the registry. It may have grown old: a commit decides on it and lets etcd compare, so that being wrong costs a
 * second round trip and nothing else.
 */
export class Known {
  /** The newest revision of the registry that was seen, null where none was. */
  revision: number | null = null
  /** Whether everything here was seen at that one revision. */
  consistent = true
  /** Rows and pointers by their key; null where there is none. */
  readonly keys = new Map<string, Entry | null>()
  /** By the folder's key: that of a port, of what a service has, or of a host's claims. */
  readonly folders = new Map<string, KnownFolder>()
  /** Folders of which every key is known, so that one that is not in `keys` is not there. */
  readonly whole = new Set<string>()

  /** Undefined where it was never looked at. */
  key(key: string): Entry | null | undefined {
    const known = this.keys.get(key)
    if (known !== undefined) return known
    return this.whole.has(parentOf(key)) ? null : undefined
  }

  /** The claims on one port, or what one service has. A host that was read as a whole knows all of its folders. */
  folder(folder: string, host: string): KnownFolder | undefined {
    const own = this.folders.get(folder)
    if (own) return own
    const all = this.folders.get(host)
    return all && { asOf: all.asOf, entries: [] }
  }

  /** Takes over what was seen later; `next` says that it is all that happened since. */
  learn(later: Known, next: boolean): void {
    this.consistent &&= next
    if (later.revision !== null) this.revision = later.revision
    for (const [key, entry] of later.keys) this.keys.set(key, entry)
    for (const [folder, known] of later.folders) this.folders.set(folder, known)
  }

  /** How much is remembered. */
  get size(): number {
    return this.keys.size + this.folders.size
  }
}

/** The folder that the key lies in, with its slash. */
export function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1)
}
