import { closeSync, openSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'

/** The arguments as the process was started with, or as it has overwritten them since. Empty for kernel threads and where hidden. */
export function argumentsOf(pid: number): string[] {
  try {
    return split(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return []
  }
}

const firstBytes = new Uint8Array(4096)
/** One for all: to make one takes longer than the reading. */
let decoder: TextDecoder | undefined

/** As many of them as stand in the first 4096 bytes. What is not UTF-8 becomes U+FFFD; a character torn by the limit is left out. */
export function firstArgumentsOf(pid: number): string[] {
  try {
    const file = openSync(`/proc/${pid}/cmdline`, 'r')
    try {
      const length = readSync(file, firstBytes, 0, firstBytes.length, null)
      const torn = length === firstBytes.length
      decoder ??= new TextDecoder()
      const text = decoder.decode(firstBytes.subarray(0, length), { stream: torn })
      // It keeps the first half of a torn character for the second one, which never comes.
      if (torn) decoder.decode()
      return split(text)
    } finally {
      closeSync(file)
    }
  } catch {
    return []
  }
}

function split(text: string): string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

/**
 * The name of the executable. Where that is hidden (another user's process) the first argument's, and last what the process calls
 * itself, which is the thread's name: `MainThread` in newer Nodes.
 */
export function nameOf(pid: number, firstArgument: string, comm: string): string {
  const executable = linkTarget(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '')
  return basename(executable ?? '') || basename(firstArgument) || comm
}

export function workingFolderOf(pid: number): string | null {
  return linkTarget(`/proc/${pid}/cwd`)
}

/** The effective user, who owns the folder of the process in `/proc` (`task_dump_owner`, fs/proc/base.c). Null for one that is gone. */
export function userIdOf(pid: number): number | null {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? null
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
