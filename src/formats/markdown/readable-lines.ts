export interface Line {
  /** 1-based. */
  readonly number: number
  readonly text: string
}

/**
 * The lines that a reader of the rendered document sees: without front matter, fenced code and HTML comments, and
 * without the marks of quotations. A left out block leaves an empty line, so that nothing before it runs into what
 * follows; a comment on lines of its own leaves none, so that a row commented out does not end its table.
 */
export function readableLines(text: string): Line[] {
  const lines = text.split(/\r\n|\n|\r/)
  const lastCommentEnd = lines.findLastIndex((line) => line.includes('-->'))
  const readable: Line[] = []
  let fence: string | null = null
  let inComment = false
  for (let index = afterFrontMatter(lines); index < lines.length; index++) {
    const line = (lines[index] ?? '').replace(/^ {0,3}>[ >]*/, '')
    if (fence !== null) {
      if (closes(line, fence)) fence = null
      continue
    }
    if (!inComment) fence = fenceOf(line)
    if (fence !== null) {
      readable.push({ number: index + 1, text: '' })
      continue
    }
    const shown = withoutComments(line, inComment, index < lastCommentEnd)
    inComment = shown.open
    if (shown.text.trim() !== '' || line.trim() === '') readable.push({ number: index + 1, text: shown.text })
  }
  return readable
}

function afterFrontMatter(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== '---') return 0
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)[ \t]*$/.test(line))
  return end + 1
}

/** The run of back-ticks or tildes that opens a block of code. CommonMark: a fence of back-ticks has none behind it. */
function fenceOf(line: string): string | null {
  const match = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/.exec(line)
  return match?.[1] ?? null
}

function closes(line: string, fence: string): boolean {
  const bare = line.trim()
  return bare.startsWith(fence) && bare === fence.charAt(0).repeat(bare.length)
}

/** The line without its comments, and whether one of them goes on. One that is never ended is text. */
function withoutComments(line: string, open: boolean, canGoOn: boolean): { text: string; open: boolean } {
  let text = ''
  let at = 0
  if (open) {
    const end = line.indexOf('-->')
    if (end < 0) return { text: '', open: true }
    at = end + 3
  }
  for (;;) {
    const start = line.indexOf('<!--', at)
    if (start < 0 || line[start - 1] === '\\') return { text: text + line.slice(at), open: false }
    const end = line.indexOf('-->', start + 4)
    if (end < 0)
      return canGoOn ? { text: text + line.slice(at, start), open: true } : { text: text + line.slice(at), open: false }
    text += line.slice(at, start)
    at = end + 3
  }
}
