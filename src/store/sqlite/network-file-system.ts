import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Problem } from '../../core/problem.ts'

/**
 * File systems that several machines can have open. WAL keeps its locks' index in memory that all users of the file share, which
 * machines cannot (sqlite.org/wal.html, "All processes using a database must be on the same host computer"), and the locks of many of them
 * are known to fail (sqlite.org/howtocorrupt.html, 2.1). Numbers: linux/magic.h and statfs(2); those not in there are in the
 * sources of the file systems. 9p and vboxsf are the shares of virtual machines: guest and host do not share memory either.
 */
const networks = new Map<bigint, string>([
  [0x6969n, 'nfs'],
  [0x517bn, 'smb'],
  [0xfe534d42n, 'smb2'],
  [0xff534d42n, 'cifs'],
  [0x01021997n, '9p'],
  [0x786f4256n, 'vboxsf'],
  [0x5346414fn, 'afs'],
  [0x6b414653n, 'afs'],
  [0x73757245n, 'coda'],
  [0x564cn, 'ncp'],
  [0x00c36400n, 'ceph'],
  [0x0bd00bd0n, 'lustre'],
  [0x7461636fn, 'ocfs2'],
  [0x01161970n, 'gfs2'],
  [0x47504653n, 'gpfs'],
  [0x19830326n, 'beegfs'],
  [0x20030528n, 'orangefs'],
])

/** FUSE_SUPER_MAGIC: local (gocryptfs, ntfs-3g, fuse-overlayfs) or remote, only the mount table tells which. */
const fuse = 0x65735546n

/** The types in the mount table whose other end is another machine, or the host of this virtual one. */
const networkFuse =
  /^(virtiofs|fuse\.(sshfs|rclone|s3fs|gcsfuse|goofys|mount-s3|juicefs|glusterfs|ceph-fuse|ceph|cephfs|davfs2?|curlftpfs|smbnetfs|gvfsd-fuse|hdfs|moosefs|mfs|seaweedfs|beegfs|vmhgfs-fuse|osxfs|grpcfuse))$/

/** Throws `network-file-system` where the file lies, or would lie, on one. Only Linux tells; elsewhere nothing is refused. */
export function refuseNetworkFileSystem(path: string): void {
  if (process.platform !== 'linux') return
  const existing = nearestExisting(path)
  const type = statfsSync(existing, { bigint: true }).type
  const kind = networkKind(type, () =>
    mountTypeOf(realpathSync(existing), readFileSync('/proc/self/mountinfo', 'utf8')),
  )
  if (kind !== null) throw new Problem('network-file-system', { store: path, kind })
}

/** The name of the network file system, null for a local one. `type` is `f_type` of statfs(2), which some kernels extend by its sign. */
export function networkKind(type: bigint, mountType: () => string | null): string | null {
  const unsigned = BigInt.asUintN(32, type)
  if (unsigned !== fuse) return networks.get(unsigned) ?? null
  const mount = mountType()
  return mount !== null && networkFuse.test(mount) ? mount : null
}

/** The type of the mount that the absolute path lies in, from the text of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function mountTypeOf(path: string, mountinfo: string): string | null {
  let longest = ''
  let type: string | null = null
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ')
    const point = unescapeOctal(left.split(' ')[4] ?? '')
    const inside = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`)
    // Of several mounts on one place the last hides the others.
    if (point === '' || !inside || point.length < longest.length) continue
    longest = point
    type = right.split(' ')[0] ?? null
  }
  return type
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

function nearestExisting(path: string): string {
  let place = resolve(path)
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  return place
}
