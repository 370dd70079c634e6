import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Problem } from '../core/problem.ts'
import type { Files } from '../operations/world.ts'
import { errorCode } from './error-code.ts'

type LogFiles = Pick<Files, 'size' | 'parts' | 'rotate'>
type LogPart = Awaited<ReturnType<LogFiles['parts']>>[number]

export const logFiles: LogFiles = {
  size: async (path) => statSync(path, { throwIfNoEntry: false })?.size ?? null,
  parts: async (log) => partsOf(log),
  rotate: async (log, kept) => rotate(log, kept),
}

function partsOf(log: string): LogPart[] {
  const folder = dirname(log)
  const prefix = `${basename(log)}.`
  const parts = namesIn(folder).flatMap((name): LogPart[] => {
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    if (!/^\d{1,9}$/.test(number)) return []
    const path = join(folder, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? [{ path, number: Number(number), until: stat.mtimeMs }] : []
  })
  return parts.toSorted((a, b) => a.number - b.number)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** So much of a log stays on a disk that has no room for a part of it; bytes. */
const tail = 1 << 18

/**
 * Copied, cut, then named: a part that has its name is whole, and the log was cut before. On a full disk the oldest parts go first; where none is left the log keeps its end
 * alone: its program writes on, and nobody else's data has to wait for what it wrote long ago.
 */
function rotate(log: string, kept: number): void {
  const beside = `${log}.rotating`
  try {
    while (!moveAside(log, beside, kept)) {
      const [oldest] = partsOf(log)
      if (!oldest) return keepEnd(log)
      rmSync(oldest.path, { force: true })
    }
  } catch (error) {
    throw new Problem('file-unwritable', { path: beside, why: errorCode(error) ?? String(error) })
  }
}

/** False where the disk is full, and then the log is as it was. */
function moveAside(log: string, beside: string, kept: number): boolean {
  try {
    let next = (partsOf(log).at(-1)?.number ?? 0) + 1
    // Left by one that was killed: it may hold what was cut off, and at worst holds what stands in the log as well.
    if (existsSync(beside)) renameSync(beside, `${log}.${next++}`)
    copyAndCut(log, beside)
    renameSync(beside, `${log}.${next}`)
    for (const { path } of partsOf(log).slice(0, -kept)) rmSync(path, { force: true })
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT') return false
    throw error
  }
}

/** The lines of the end, and room for more. What is written between the look and the cut goes with the rest. */
function keepEnd(log: string): void {
  const file = openSync(log, 'r+')
  try {
    const size = fstatSync(file).size
    const chunk = Buffer.allocUnsafeSlow(tail)
    const bytes = chunk.subarray(0, readSync(file, chunk, 0, tail, Math.max(0, size - tail)))
    const line = bytes.indexOf(0x0a) + 1
    ftruncateSync(file, 0)
    writeSync(file, bytes, size > tail ? line : 0, bytes.length - (size > tail ? line : 0), 0)
  } finally {
    closeSync(file)
  }
}

function copyAndCut(log: string, beside: string): void {
  // Enough to be ahead of every writer.
  const chunk = Buffer.allocUnsafeSlow(1 << 20)
  const from = openSync(log, 'r+')
  try {
    const to = openSync(beside, 'wx', 0o600)
    try {
      for (let length = readSync(from, chunk); length > 0; length = readSync(from, chunk))
        for (let at = 0; at < length;) at += writeSync(to, chunk, at, length - at)
      // Nothing stands between the last look and this.
      ftruncateSync(from, 0)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    } finally {
      closeSync(to)
    }
  } finally {
    closeSync(from)
  }
}
