import { expect, test } from 'bun:test'
import { tmpdir } from 'node:os'
import { isProblem } from '../../core/problem.ts'
import { mountTypeOf, networkKind, refuseNetworkFileSystem } from './network-file-system.ts'

const unasked = (): string | null => {
  throw new Error('the mount table was read')
}

test('knows network file systems by their number, also where the kernel extends its sign', () => {
  expect(networkKind(0x6969n, unasked)).toBe('nfs')
  expect(networkKind(0xff534d42n, unasked)).toBe('cifs')
  expect(networkKind(-0xacb2ben, unasked)).toBe('cifs')
  expect(networkKind(0x01021997n, unasked)).toBe('9p')
})

test('takes local ones: ext4, btrfs, xfs, zfs, tmpfs, overlay', () => {
  const local = [0xef53n, 0x9123683en, 0x58465342n, 0x2fc12fc1n, 0x01021994n, 0x794c7630n]
  expect(local.map((type) => networkKind(type, unasked))).toEqual(local.map(() => null))
})

test('asks the mount table what a FUSE file system is', () => {
  const kinds = ['fuse.sshfs', 'fuse.rclone', 'virtiofs', 'fuse.gocryptfs', 'fuse.fuse-overlayfs', 'fuseblk', null]
  expect(kinds.map((kind) => networkKind(0x65735546n, () => kind))).toEqual([
    'fuse.sshfs',
    'fuse.rclone',
    'virtiofs',
    null,
    null,
    null,
    null,
  ])
})

test('finds the mount that a path lies in, the last of several in one place, with spaces in its name', () => {
  const mountinfo = [
    '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
    '40 22 0:50 / /mnt/my\\040disk rw,nosuid shared:9 - ext4 /dev/vdb rw',
    '41 22 0:51 / /mnt/my\\040disk rw,nosuid shared:9 master:3 - fuse.sshfs me@far:/ rw',
    '',
  ].join('\n')
  expect(mountTypeOf('/mnt/my disk/a/registry.db', mountinfo)).toBe('fuse.sshfs')
  expect(mountTypeOf('/mnt/my diskette', mountinfo)).toBe('ext4')
  expect(mountTypeOf('/mnt/my disk', mountinfo)).toBe('fuse.sshfs')
})

test('takes the folder for temporary files, or says which network file system it is', () => {
  try {
    refuseNetworkFileSystem(`${tmpdir()}/not/there/yet.db`)
  } catch (error) {
    expect(isProblem(error, 'network-file-system')).toBe(true)
  }
})
