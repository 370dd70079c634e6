const backslash = 92
const pipe = 124

/**
 * The cells of a table's row, still in Markdown, with or without pipes at the ends. `\|` is a pipe inside a cell, also
 * within code.
 */
export function splitRow(line: string): string[] {
  const row = line.trim()
  const cells: string[] = []
  let start = row.startsWith('|') ? 1 : 0
  for (let at = start; at < row.length; at++) {
    const code = row.charCodeAt(at)
    if (code === backslash) at++
    else if (code === pipe) {
      cells.push(cellOf(row.slice(start, at)))
      start = at + 1
    }
  }
  if (start < row.length) cells.push(cellOf(row.slice(start)))
  return cells
}

function cellOf(text: string): string {
  return text.trim().replaceAll('\\|', '|')
}
