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
  const uid = userIdOf(pid)
  if (!stat || stat.ended || uid === null) return null
  const { parent, group, session, terminal, kernel, comm } = stat
  const words = argumentsOf(pid)
  return {
    ...identityOf(stat),
    parent,
    group,
    session,
    terminal,
    kernel,
    uid,
    name: nameOf(pid, words[0] ?? '', comm),
    arguments: words,
  }
}
