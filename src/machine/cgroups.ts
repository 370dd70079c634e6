import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cgroupPath } from '../core/cgroup.ts'
import type { Listener } from '../core/listener.ts'
import type { Protocol } from '../core/port.ts'
import { askNetlink } from './listeners/list.ts'
import { attributeAt, diagRequest } from './listeners/netlink.ts'
import type { SocketReader } from './listeners/netlink.ts'
import { openLibc } from './native/libc.ts'

/** The path of the process's control group. Null for one that is gone or hidden. */
export function cgroupOf(pid: number): string | null {
  try {
    return cgroupPath(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))
  } catch {
    return null
  }
}

/**
 * For each listening socket, by its inode, the path of the control group in which it was made. This is open to everybody, whoever holds the socket. What was
 * made in the root group, and what was made in a group that is gone, is left out.
 */
export function cgroupsOfSockets(listeners: readonly Pick<Listener, 'protocol' | 'inode'>[]): Map<number, string> {
  const groups = new Map<number, bigint>()
  const inodes = new Set(listeners.map(({ inode }) => inode))
  const asked = new Set(listeners.map(({ protocol }) => protocol))
  for (const { inode, cgroup } of [...asked].flatMap(socketGroups))
    if (inodes.has(inode) && cgroup > rootGroup) groups.set(inode, cgroup)
  if (!groups.size) return new Map()
  const paths = pathsOf(new Set(groups.values()))
  return new Map([...groups].flatMap(([inode, id]) => (paths.has(id) ? [[inode, paths.get(id) ?? '']] : [])))
}

/** `cgroup_root`'s own node is the first of its file system. */
const rootGroup = 1n

interface SocketGroup {
  readonly inode: number
  readonly cgroup: bigint
}

function socketGroups(protocol: Protocol): SocketGroup[] {
  const libc = openLibc()
  return (libc && askNetlink(libc, readGroup, (family) => diagRequest(protocol, family))) ?? []
}

const INET_DIAG_CGROUP_ID = 21

/** The attribute comes unasked since Linux 5.8 where control groups are compiled in. */
const readGroup: SocketReader<SocketGroup> = (view, at, attributes, end) => {
  const place = attributeAt(view, attributes, end, INET_DIAG_CGROUP_ID, 8)
  return place === null ? null : { inode: view.getUint32(at + 68, true), cgroup: view.getBigUint64(place, true) }
}

/** More groups than this are not looked through: a name for a row is not worth a second. */
const mostGroups = 20_000

/**
 * The kernel's id of a group is the inode number of its folder (kernfs, 64-bit systems). Opening it by that number needs privileges, so the tree is walked.
 */
function pathsOf(ids: ReadonlySet<bigint>): Map<bigint, string> {
  const found = new Map<bigint, string>()
  const root = unifiedRoot()
  if (root === null) return found
  const waiting = ['']
  for (let looked = 0; looked < waiting.length && looked < mostGroups && found.size < ids.size; looked++) {
    const path = waiting[looked] ?? ''
    const inode = statSync(join(root, path), { bigint: true, throwIfNoEntry: false })?.ino
    if (inode !== undefined && ids.has(inode)) found.set(inode, path)
    for (const name of foldersIn(join(root, path))) waiting.push(`${path}/${name}`)
  }
  return found
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []))
  } catch {
    return []
  }
}

/** Where version 2 is mounted: `/sys/fs/cgroup`, or beside version 1 `/sys/fs/cgroup/unified`. */
function unifiedRoot(): string | null {
  try {
    return /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1] ?? null
  } catch {
    return null
  }
}
