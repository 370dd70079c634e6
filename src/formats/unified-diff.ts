import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** What changes in a file, as `git apply` takes it. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const bare = file.replace(/^\/+/, '')
  return createTwoFilesPatch(`a/${bare}`, `b/${bare}`, before, after, '', '', {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  })
}
