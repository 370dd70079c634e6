import type { ProcessRow } from '../../core/process.ts'
import { argumentsOf, nameOf, userIdOf } from './details.ts'
import { identityOf } from './identity.ts'
import { readPids, readStat } from './stat.ts'

/** Every process that has not ended, as far as we can see. */
export function readProcesses(): ProcessRow[] {
  return readPids().flatMap((pid) => rowOf(pid) ?? [])
}

/** The process and those above it, nearest first; only they are looked at. Empty for one that is gone. */
export function readLineage(pid: number): ProcessRow[] {
  const lineage: ProcessRow[] = []
  for (let next = pid; next > 0 && !lineage.some((row) => row.pid === next);) {
    const row = rowOf(next)
    if (!row) break
    lineage.push(row)
    next = row.parent
  }
  return lineage
}

function rowOf(pid: number): ProcessRow | null {
  const stat = readStat(pid)
  if (!stat || stat.ended) return null
  const { parent, group, session, terminal, kernel, comm } = stat
  // A thread of the kernel is root's, has neither arguments nor a file, and there are more of them than processes on many a machine.
  const uid = kernel ? 0 : userIdOf(pid)
  if (uid === null) return null
  const words = kernel ? [] : argumentsOf(pid)
  return {
    ...identityOf(stat),
    parent,
    group,
    session,
    terminal,
    kernel,
    uid,
    name: kernel ? comm : nameOf(pid, words[0] ?? '', comm),
    arguments: words,
  }
}
