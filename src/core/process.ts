import type { Holder, ProcessIdentity } from './listener.ts'

/** One row of the process table. */
export interface ProcessRow extends ProcessIdentity {
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Whether the process has a controlling terminal: a shell with one is somebody sitting there. */
  readonly terminal: boolean
  /** A thread of the kernel. */
  readonly kernel: boolean
  readonly uid: number
  /** Name of the executable, or what the process calls itself where that cannot be read. */
  readonly name: string
  /** Arguments as they are; empty for a kernel thread and for a process that hides them. */
  readonly arguments: readonly string[]
}

/** A process that ended, or how it ended: exactly one of the two is not null when it is known. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
}

/** The process and everything it started, and they started, that still has this ancestry. Eldest first. */
export function treeOf(table: readonly ProcessRow[], root: number): ProcessRow[] {
  const children = new Map<number, ProcessRow[]>()
  for (const row of table) {
    const siblings = children.get(row.parent)
    if (siblings) siblings.push(row)
    else children.set(row.parent, [row])
  }
  const tree = table.filter(({ pid }) => pid === root)
  const seen = new Set(tree.map(({ pid }) => pid))
  // The list grows while it is walked: breadth first, and `seen` ends it even on a table read while pids were used again.
  for (const { pid } of tree) {
    for (const child of children.get(pid) ?? []) {
      if (seen.has(child.pid)) continue
      seen.add(child.pid)
      tree.push(child)
    }
  }
  return tree
}

/** The pids above a process, nearest first, without itself. */
export function ancestorsOf(table: readonly ProcessRow[], pid: number): number[] {
  const parents = new Map(table.map((row) => [row.pid, row.parent]))
  const ancestors: number[] = []
  for (
    let next = parents.get(pid);
    next !== undefined && next > 0 && !ancestors.includes(next);
    next = parents.get(next)
  ) {
    ancestors.push(next)
  }
  return ancestors
}

/** What the holder is called where one line has to do: `node (pid 4242, ~/shop, started 2 h ago)`. */
export function describeHolder(holder: Holder, now: Date, home: string | null): string {
  const cwd =
    holder.cwd && home && (holder.cwd === home || holder.cwd.startsWith(`${home}/`))
      ? `~${holder.cwd.slice(home.length)}`
      : holder.cwd
  const facts = [
    `pid ${holder.pid}`,
    cwd,
    holder.startedAt && `started ${ago(now.getTime() - Date.parse(holder.startedAt))}`,
  ]
  return `${holder.name} (${facts.filter(Boolean).join(', ')})`
}

/** A span of time as people say it: `12 s ago`, `2 h ago`. */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 100) return `${seconds} s ago`
  if (seconds < 6000) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / 86_400)} days ago`
}
