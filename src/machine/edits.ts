import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { isProblem, Problem } from '../core/problem.ts'
import type { FileEdit, PreparedEdits } from '../operations/world.ts'
import { reasonOf } from './reason.ts'

/** A text that lies ready beside its file. */
interface Ready {
  readonly path: string
  /** The new text. */
  readonly fresh: string
  /** A second name of the file as it was, from before it is replaced until all are. */
  readonly kept: string
}

/** Implements `Files.prepare`: every file is checked and every text written and flushed before the first file is replaced. */
export function prepareEdits(folder: string, edits: readonly FileEdit[]): PreparedEdits {
  const ready: Ready[] = []
  const discard = (): void => {
    for (const { fresh } of ready) rmSync(fresh, { force: true })
  }
  try {
    const root = attempt(folder, () => realpathSync(folder))
    for (const edit of edits) ready.push(makeReady(root, edit))
  } catch (error) {
    discard()
    throw error
  }
  return {
    async apply() {
      replaceAll(ready)
    },
    async discard() {
      discard()
    },
  }
}

function makeReady(root: string, { path, before, after }: FileEdit): Ready {
  return attempt(path, () => {
    const place = realpathSync(dirname(path))
    if (place !== root && !place.startsWith(root.endsWith(sep) ? root : root + sep))
      throw new Problem('file-changed', { path, why: 'a link leads out of the folder' })
    const status = lstatSync(path)
    if (!status.isFile()) throw new Problem('file-changed', { path, why: 'it is no plain file' })
    // Who runs as root may write anything, and a file that somebody made read-only is meant to stay.
    if ((status.mode & 0o222) === 0) throw new Problem('file-unwritable', { path, why: 'it is read-only' })
    closeSync(openSync(path, 'r+'))
    if (readFileSync(path, 'utf8') !== before)
      throw new Problem('file-changed', { path, why: 'it was changed in the meantime' })
    const stem = join(place, `.${basename(path)}.${process.pid}-${crypto.randomUUID().slice(0, 8)}`)
    writeLike(status, `${stem}.new`, after)
    return { path: join(place, basename(path)), fresh: `${stem}.new`, kept: `${stem}.old` }
  })
}

/** A new file with the owner and mode of another. */
function writeLike(status: Stats, path: string, text: string): void {
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    const own = fstatSync(descriptor)
    if (own.uid !== status.uid || own.gid !== status.gid) fchownSync(descriptor, status.uid, status.gid)
    fchmodSync(descriptor, status.mode & 0o7777)
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
    fsyncSync(descriptor)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
}

function replaceAll(ready: readonly Ready[]): void {
  const replaced: Ready[] = []
  try {
    for (const one of ready) {
      attempt(one.path, () => {
        // A second name of the same file: taking back needs no room on the disk, and gives the very file back.
        linkSync(one.path, one.kept)
        replaced.push(one)
        renameSync(one.fresh, one.path)
      })
    }
  } catch (error) {
    takeBack(replaced)
    for (const { fresh } of ready) rmSync(fresh, { force: true })
    throw error
  }
  for (const { kept } of ready) rmSync(kept, { force: true })
}

function takeBack(replaced: readonly Ready[]): void {
  let failed: Problem | null = null
  for (const { path, fresh, kept } of replaced.toReversed()) {
    try {
      // Where the new text still lies ready, the file was not replaced.
      if (lstatSync(fresh, { throwIfNoEntry: false })) rmSync(kept, { force: true })
      else renameSync(kept, path)
    } catch (error) {
      failed ??= new Problem('files-not-taken-back', { path, kept, why: reasonOf(error) })
    }
  }
  if (failed) throw failed
}

function attempt<Result>(path: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    if (isProblem(error)) throw error
    throw new Problem('file-unwritable', { path, why: reasonOf(error) })
  }
}
