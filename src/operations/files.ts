import type { LogFiles } from './log-files.ts'

/** The files of this machine, and where ours are. */
export interface Files extends LogFiles {
  /** Throws `file-missing` and `file-unreadable`. */
  read(path: string): Promise<Uint8Array>
  /** Replaces the file in one step, readable by the owner alone where it is new. Throws `file-unwritable`. */
  write(path: string, text: string): Promise<void>
  /** What was appended to the file since `from` (in bytes), at most `most` bytes; a negative `from` counts from the end. Throws like `read`. */
  tail(path: string, from: number, most: number): Promise<{ readonly text: string; readonly end: number }>
  /** A value that differs from an earlier one when the file was changed in between; null where there is none. */
  stamp(path: string): Promise<string | null>
  /** The first of these names (files or folders) that is there, in the folder or in one above it; the names in their order within a folder. */
  nearest(folder: string, names: readonly string[]): Promise<string | null>
  /** Throws `file-unwritable`. */
  remove(path: string): Promise<void>
  /** The program that runs, and the name of the system under which `process.platform` knows it. */
  readonly program: string
  readonly system: string
  /** The folder for logs of runs. */
  readonly logs: string
  /** The file of recipes: how services are started on this machine. */
  readonly services: string
  /** What stands in the folder, by name. A link is told as a link, wherever it leads. Throws like `read`. */
  entries(folder: string): Promise<readonly FolderEntry[]>
  /**
   * Makes new texts ready beside their files, which are left as they are. Only plain files whose real place is within the folder, which say `before` and
   * may be written. Throws `file-changed` and `file-unwritable`, and then nothing is left behind.
   */
  prepare(folder: string, edits: readonly FileEdit[]): Promise<PreparedEdits>
}

export interface FolderEntry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

export interface FileEdit {
  readonly path: string
  /** What the file says now. */
  readonly before: string
  readonly after: string
}

/** New texts that are ready. Exactly one of the two is called, once. */
export interface PreparedEdits {
  /** Puts each in the place of its file, with its mode and owner. Throws `file-unwritable`; what was put in place is taken back then. */
  apply(): Promise<void>
  /** Takes what was made ready away. */
  discard(): Promise<void>
}
