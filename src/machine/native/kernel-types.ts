import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { toArrayBuffer } from 'bun:ffi'
import { openMapping } from './libc.ts'

/** What of the running kernel's structures the index of sockets needs: places in bytes, and the number of the function that stands for the iterator. */
export interface KernelLayout {
  readonly iterator: number
  /** `file.f_inode` */
  readonly inode: number
  /** `inode.i_mode` */
  readonly mode: number
  /** `inode.i_ino` */
  readonly number: number
  /** `task_struct.tgid` */
  readonly process: number
}

/** Where a kernel from 5.4 on that was built with it tells its own types. */
const place = '/sys/kernel/btf/vmlinux'

const PROT_READ = 1
const MAP_PRIVATE = 2

/** That of the kernel that runs. Null where it does not tell, or is built in another way than we know. */
export function readKernelLayout(path = place): KernelLayout | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return null
  }
  try {
    const { size } = fstatSync(file)
    const layout = layoutMapped(file, size)
    return layout === undefined ? layoutIn(whole(file, size)) : layout
  } finally {
    closeSync(file)
  }
}

/**
 * From the kernel's own memory: reading 5 MB, 4 KiB a call, takes as long as all the rest. Undefined where it cannot be mapped, as before 6.16: the address that says
 * so is the highest.
 */
function layoutMapped(file: number, size: number): KernelLayout | null | undefined {
  const libc = openMapping()
  const at = libc?.mmap(0, size, PROT_READ, MAP_PRIVATE, file, 0)
  if (!libc || !at || Number(at) >= 2 ** 63) return undefined
  try {
    return layoutIn(new Uint8Array(toArrayBuffer(at, 0, size)))
  } finally {
    libc.munmap(Number(at), size)
  }
}

function whole(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let filled = 0
  for (let read = -1; filled < size && read !== 0; filled += read)
    read = readSync(file, bytes, filled, size - filled, filled)
  return bytes.subarray(0, filled)
}

const magic = 0xeb9f
const kinds = { struct: 4, func: 12 } as const
/** By kind: the words that follow the three of every type, and those that follow for each member. */
const wordsAfter = [0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]
const wordsEach = [0, 0, 0, 0, 3, 3, 2, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 3]

/** Finds the layout in type information (docs.kernel.org/bpf/btf.html). Null where something is missing, or of a kind that is not known. */
export function layoutIn(bytes: Uint8Array): KernelLayout | null {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 24 || head.getUint16(0, true) !== magic) return null
  const word = (index: number): number => head.getUint32(index * 4, true)
  const start = word(1)
  if (start + word(4) + word(5) > bytes.length || start + word(2) + word(3) > bytes.length || start % 4) return null
  const strings = Buffer.from(bytes.buffer, bytes.byteOffset + start + word(4), word(5))
  const types = new Uint32Array(bytes.buffer, bytes.byteOffset + start + word(2), word(3) / 4)
  const nameAt = (name: string): number => strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1
  const names = { file: nameAt('file'), inode: nameAt('inode'), task: nameAt('task_struct') }
  const iterator = nameAt('bpf_iter_task_file')
  const structs: Record<number, number> = {}
  let id = 0
  let found = 0
  for (let at = 0, number = 1; at < types.length && found < 4; number++) {
    const name = types[at]
    const info = types[at + 1] ?? 0
    const kind = (info >>> 24) & 31
    const isWanted = name === names.file || name === names.inode || name === names.task
    if (name === iterator && kind === kinds.func) {
      id = number
      found++
    } else if (isWanted && kind === kinds.struct && structs[name] === undefined) {
      structs[name] = at
      found++
    }
    const after = wordsAfter[kind]
    if (after === undefined) return null
    at += 3 + after + (info & 0xffff) * (wordsEach[kind] ?? 0)
  }
  /** Bytes from the beginning of the struct, null where it has no such member of its own. */
  const member = (struct: number, name: string): number | null => {
    const at = structs[struct]
    const wanted = nameAt(name)
    if (at === undefined || wanted === 0) return null
    const info = types[at + 1] ?? 0
    for (let index = 0; index < (info & 0xffff); index++) {
      const bits = types[at + 5 + index * 3] ?? 0
      // Where the struct has bit fields, the upper byte says how wide a member is.
      if (types[at + 3 + index * 3] === wanted) return (info >>> 31 ? bits & 0xff_ffff : bits) / 8
    }
    return null
  }
  const inode = member(names.file, 'f_inode')
  const mode = member(names.inode, 'i_mode')
  const ino = member(names.inode, 'i_ino')
  const process = member(names.task, 'tgid')
  if (id === 0 || inode === null || mode === null || ino === null || process === null) return null
  return { iterator: id, inode, mode, number: ino, process }
}
