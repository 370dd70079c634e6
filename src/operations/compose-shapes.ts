import { relative } from 'node:path'
import * as z from '../formats/zod.ts'
import type { ComposeNotice } from '../core/compose.ts'
import type { Call } from './operation.ts'

/** Something in the files that works and is likely not meant. */
export const noticeShape = z.object({
  what: z.enum(['sexagesimal', 'unset', 'host-network']),
  text: z.string(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
})

export function showNotices(notices: readonly ComposeNotice[], call: Call): z.output<typeof noticeShape>[] {
  return notices.map((notice) => ({ ...notice, file: shortPath(notice.file, call) }))
}

/** The path as a person in the folder would type it, where that is shorter. */
export function shortPath(path: string, { cwd }: Call): string {
  const near = relative(cwd, path)
  return near !== '' && near.length < path.length ? near : path
}
