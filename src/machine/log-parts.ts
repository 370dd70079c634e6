import {
  closeSync,
  existsSync,
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

/** Enough to be ahead of every writer. */
const chunk = Buffer.alloc(1 << 20)

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

/** Copied, cut, then named: a part that has its name is whole, and the log was cut before. */
function rotate(log: string, kept: number): void {
  const beside = `${log}.rotating`
  try {
    let next = (partsOf(log).at(-1)?.number ?? 0) + 1
    // Left by one that was killed: it may hold what was cut off, and at worst holds what stands in the log as well.
    if (existsSync(beside)) renameSync(beside, `${log}.${next++}`)
    copyAndCut(log, beside)
    renameSync(beside, `${log}.${next}`)
    for (const { path } of partsOf(log).slice(0, -kept)) rmSync(path, { force: true })
  } catch (error) {
    throw new Problem('file-unwritable', { path: beside, why: errorCode(error) ?? String(error) })
  }
}

function copyAndCut(log: string, beside: string): void {
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
