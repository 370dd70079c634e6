import type { ProcessRow } from '../../core/process.ts'
import { argumentsOf, nameOf, userIdOf } from './details.ts'
import { identityOf } from './identity.ts'
import { readPids, readStat } from './stat.ts'

/** Every process that has not ended, as far as we can see. */
export function readProcesses(): ProcessRow[] {
  return readPids().flatMap((pid) => rowOf(pid) ?? [])
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
