import { readlinkSync } from 'node:fs'
import type { SocketIndex } from '../listeners/descriptors.ts'
import { AT_FDCWD, inodeIn } from './descriptors.ts'
import { errno } from './errno.ts'
import { readKernelLayout } from './kernel-types.ts'
import type { KernelLayout } from './kernel-types.ts'
import type { Libc } from './libc.ts'
import { cString, fixedBytes } from './memory.ts'

const arm = process.arch === 'arm64'
const SYS_bpf = arm ? 280 : 321
const SYS_read = arm ? 63 : 0

/** Commands, kinds and the helper of bpf(2), as `include/uapi/linux/bpf.h` numbers them. */
const bpf = { load: 5, createLink: 28, createIterator: 33, tracing: 26, traceIterator: 28, seqWrite: 127 } as const

/** The namespace that the machine begins with (`PROC_PID_INIT_INO`): in another one processes have other numbers than the kernel tells here. */
const firstNamespace = 'pid:[4026531836]'

/** 32 KiB is the most that one call gives, in whole records. */
const recordsBytes = 65_536
const recordWords = 4

/**
 * The sockets of all processes in one go: a program of 25 instructions that the kernel checks and runs for every open file (an iterator over `task_file`,
 * docs.kernel.org/bpf/bpf_iterators.html, from 5.8 on), and that changes nothing. It takes root on the machine itself; elsewhere, and where the kernel tells nothing of its types or
 * lets no program in, there is no index. What it says is where to look, not an answer: it knows descriptors that we may not see, and what was open a moment ago.
 */
export function socketIndex(libc: Libc): SocketIndex {
  return (wanted, found) => {
    if (process.geteuid?.() !== 0 || !isFirstNamespace()) return false
    const layout = readKernelLayout()
    if (!layout) return false
    const isOpen = openAt(libc)
    const opened: number[] = []
    const open = (command: number, attributes: Uint8Array, length: number): number => {
      const descriptor = Number(libc.syscall(SYS_bpf, command, libc.ptr(attributes), length, 0))
      if (descriptor >= 0) opened.push(descriptor)
      return descriptor
    }
    try {
      const program = open(bpf.load, loadAttributes(libc, layout), attributesLength)
      const link = program < 0 ? -1 : open(bpf.createLink, words([program, 0, bpf.traceIterator, 0]), 64)
      const iterator = link < 0 ? -1 : open(bpf.createIterator, words([link, 0]), 8)
      return (
        iterator >= 0 &&
        readRecords(libc, iterator, (pid, descriptor, inode) => {
          found(pid, wanted.has(inode) && isOpen(pid, descriptor, inode) ? inode : 0)
        })
      )
    } finally {
      for (const descriptor of opened.toReversed()) libc.close(descriptor)
    }
  }
}

/** Whether the process has the socket open as that descriptor, as far as we may see. */
function openAt(libc: Libc): (pid: number, descriptor: number, inode: number) => boolean {
  const path = fixedBytes(48)
  const target = fixedBytes(64)
  const [pathAt, targetAt] = [libc.ptr(path), libc.ptr(target)]
  const encoder = new TextEncoder()
  return (pid, descriptor, inode) => {
    encoder.encodeInto(`/proc/${pid}/fd/${descriptor}\0`, path)
    return inodeIn(target, Number(libc.readlinkat(AT_FDCWD, pathAt, targetAt, target.length))) === inode
  }
}

function isFirstNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === firstNamespace
  } catch {
    return false
  }
}

/** False where it broke off. */
function readRecords(
  libc: Libc,
  iterator: number,
  found: (pid: number, descriptor: number, inode: number) => void,
): boolean {
  const bytes = fixedBytes(recordsBytes)
  const records = new Uint32Array(bytes.buffer)
  const at = libc.ptr(bytes)
  for (;;) {
    const filled = Number(libc.syscall(SYS_read, iterator, at, bytes.length, 0))
    // The kernel pauses after a million files of which none was a socket.
    if (filled < 0 && libc.errno() === errno.EAGAIN) continue
    if (filled <= 0) return filled === 0
    for (let word = 0; word < filled / 4; word += recordWords) {
      const inode = (records[word + 2] ?? 0) + (records[word + 3] ?? 0) * 2 ** 32
      found(records[word] ?? 0, records[word + 1] ?? 0, inode)
    }
  }
}

/** `union bpf_attr` for `BPF_PROG_LOAD` as far as it is needed, and behind it what it points to. */
function loadAttributes(libc: Libc, layout: KernelLayout): Uint8Array {
  const code = programFor(layout)
  const bytes = fixedBytes(attributesLength + licenseLength + code.length)
  const at = libc.ptr(bytes)
  bytes.set(cString(license), attributesLength)
  bytes.set(code, attributesLength + licenseLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bpf.tracing, true)
  view.setUint32(4, code.length / 8, true)
  view.setBigUint64(8, BigInt(at + attributesLength + licenseLength), true)
  view.setBigUint64(16, BigInt(at + attributesLength), true)
  new TextEncoder().encodeInto('iza_ports', bytes.subarray(48, 63))
  view.setUint32(68, bpf.traceIterator, true)
  view.setUint32(108, layout.iterator, true)
  return bytes
}

const attributesLength = 120
/** The helper that writes is for programs under the GPL or a licence that goes with it; ours is the MIT licence. */
const license = 'Dual MIT/GPL'
const licenseLength = 16

function words(values: readonly number[]): Uint8Array {
  const bytes = fixedBytes(64)
  new Uint32Array(bytes.buffer).set(values)
  return bytes
}

/** Instructions by what they do: the first byte of each, see docs.kernel.org/bpf/standardization/instruction-set.html. */
const does = {
  load64: 0x79,
  load32: 0x61,
  load16: 0x69,
  store64: 0x7b,
  store32: 0x63,
  move: 0xbf,
  set: 0xb7,
  add: 0x07,
  and: 0x57,
  jumpIfEqual: 0x15,
  jumpIfAbove: 0x25,
  call: 0x85,
  exit: 0x95,
} as const

const S_IFMT = 0xf000
const S_IFSOCK = 0xc000
/** `struct bpf_iter__task_file` and, in `meta`, `struct bpf_iter_meta`. */
const context = { meta: 0, task: 8, descriptor: 16, file: 24, seq: 0 } as const
/** The record on the stack, below the frame pointer. */
const record = { process: -16, descriptor: -12, inode: -8, length: 16 } as const

/**
 * Writes process, descriptor and inode of a file that is a socket, and of one of the first three descriptors with 0 for the inode. Registers: 1 the context at
 * first, 6 the context, 7 the file, 8 the task, 9 the descriptor, 10 the frame.
 */
function programFor(layout: KernelLayout): Uint8Array {
  const steps: [code: number, to: number, from: number, offset: number | 'leave', value: number][] = [
    [does.move, 6, 1, 0, 0],
    [does.load64, 7, 6, context.file, 0],
    [does.jumpIfEqual, 7, 0, 'leave', 0],
    [does.load64, 8, 6, context.task, 0],
    [does.jumpIfEqual, 8, 0, 'leave', 0],
    [does.load32, 9, 6, context.descriptor, 0],
    [does.store32, 10, 9, record.descriptor, 0],
    [does.load32, 1, 8, layout.process, 0],
    [does.store32, 10, 1, record.process, 0],
    [does.load64, 1, 7, layout.inode, 0],
    [does.load64, 3, 1, layout.number, 0],
    [does.load16, 2, 1, layout.mode, 0],
    [does.and, 2, 0, 0, S_IFMT],
    [does.jumpIfEqual, 2, 0, 2, S_IFSOCK],
    [does.jumpIfAbove, 9, 0, 'leave', 2],
    [does.set, 3, 0, 0, 0],
    [does.store64, 10, 3, record.inode, 0],
    [does.load64, 1, 6, context.meta, 0],
    [does.load64, 1, 1, context.seq, 0],
    [does.move, 2, 10, 0, 0],
    [does.add, 2, 0, 0, record.process],
    [does.set, 3, 0, 0, record.length],
    [does.call, 0, 0, 0, bpf.seqWrite],
    [does.set, 0, 0, 0, 0],
    [does.exit, 0, 0, 0, 0],
  ]
  const leave = steps.length - 2
  const view = new DataView(new ArrayBuffer(steps.length * 8))
  for (const [index, [act, to, from, offset, value]] of steps.entries()) {
    view.setUint8(index * 8, act)
    view.setUint8(index * 8 + 1, to | (from << 4))
    view.setInt16(index * 8 + 2, offset === 'leave' ? leave - index - 1 : offset, true)
    view.setInt32(index * 8 + 4, value, true)
  }
  return new Uint8Array(view.buffer)
}
