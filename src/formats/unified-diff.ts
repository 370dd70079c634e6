import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { printable } from '../core/text.ts'

/** What changes in a file, as `git apply` takes it. */
export function unifiedDiff(file: string, before: string, after: string): string {
  // A name with a line end in it must not pass for lines of the diff.
  const bare = printable(file.replace(/^\/+/, ''))
  return createTwoFilesPatch(`a/${bare}`, `b/${bare}`, before, after, '', '', {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  })
}
