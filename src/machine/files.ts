import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Problem } from '../core/problem.ts'
import { logFiles } from './log-parts.ts'
import type { Files, FolderEntry } from '../operations/world.ts'
import { errorCode } from './error-code.ts'
import { reasonOf } from './reason.ts'

/** The files of this computer, with the places of ours. */
export function localFiles({ logs, services }: Pick<Files, 'logs' | 'services'>): Files {
  return {
    ...logFiles,
    logs,
    services,
    program: process.execPath,
    system: process.platform,
    async remove(path) {
      try {
        rmSync(path, { force: true })
      } catch (error) {
        throw new Problem('file-unwritable', { path, why: reasonOf(error) })
      }
    },
    async read(path) {
      return attempt(path, () => readFileSync(path))
    },
    async write(path, text) {
      writeInOneStep(path, text)
    },
    async stamp(path) {
      const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
      return stat ? `${stat.ino}:${stat.size}:${stat.mtimeNs}` : null
    },
    async nearest(folder, names) {
      return nearest(folder, names)
    },
    async tail(path, from, most) {
      return attempt(path, () => readPart(path, from, most))
    },
    async entries(folder) {
      return attempt(folder, () => entriesOf(folder))
    },
    async prepare(folder, edits) {
      return (await import('./edits.ts')).prepareEdits(folder, edits)
    },
  }
}

function entriesOf(folder: string): FolderEntry[] {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other',
  }))
}

function attempt<Result>(path: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') throw new Problem('file-missing', { path })
    throw new Problem('file-unreadable', { path, why: reasonOf(error) })
  }
}

/** Written beside, flushed, then renamed over: whoever reads sees the old text or the new one, and a full disk leaves the old one. */
function writeInOneStep(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const descriptor = openSync(beside, 'wx', modeOf(path))
    try {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(beside, path)
  } catch (error) {
    removeLeft(beside)
    throw new Problem('file-unwritable', { path, why: reasonOf(error) })
  }
}

/** On a read-only file system even what is not there cannot be removed. */
function removeLeft(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Why the file could not be written is what counts.
  }
}

function nearest(folder: string, names: readonly string[]): string | null {
  for (let here = folder; ; here = dirname(here)) {
    for (const name of names) if (existsSync(join(here, name))) return join(here, name)
    if (here === dirname(here)) return null
  }
}

function modeOf(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777
}

function readPart(path: string, from: number, most: number): { text: string; end: number } {
  // A pipe that somebody put there under the name of a file would keep us waiting for its writer for ever.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size } = fstatSync(descriptor)
    const start = from < 0 ? Math.max(0, size + from) : Math.min(from, size)
    const bytes = Buffer.alloc(Math.min(most, size - start))
    let length = 0
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, start + length)
      if (read === 0) break
      length += read
    }
    return { text: bytes.subarray(0, length).toString('utf8'), end: start + length }
  } finally {
    closeSync(descriptor)
  }
}
