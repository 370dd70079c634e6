import { parsePort } from '../../core/port.ts'
import { isProblem } from '../../core/problem.ts'
import { protocols } from '../../core/port.ts'
import type { Row } from './blocks.ts'
import { chooseColumns } from './columns.ts'
import type { Columns, WordRow } from './columns.ts'
import type { Found } from './found.ts'
import { plainText } from './inline.ts'
import { readPortCell } from './port-cell.ts'
import { protocolsIn, surePort } from './port-tokens.ts'
import { readSpan } from './range-text.ts'
import { readStatus } from './status.ts'

/**
 * What the rows of a table say, nothing where it is about something else. Every row that is not empty gives one thing
 * or a refusal.
 */
export function readTable(header: readonly string[], rows: readonly Row[], aboutPorts: boolean): Found[] {
  const words = rows.map(({ line, text, cells }) => ({
    line,
    text,
    cells: cells.map((markdown) => plainText(markdown)),
  }))
  const filled = words.filter(({ cells }) => cells.some((text) => text.trim() !== ''))
  const columns = chooseColumns(
    header.map((markdown) => plainText(markdown)),
    filled,
    aboutPorts,
  )
  if (columns) return filled.map((row) => readRow(row, columns))
  const strays = filled.filter(({ cells }) => surePort.test(cells.join(' ')))
  return strays.map((row) => refusal(row, 'no column of the table is one of ports'))
}

function readRow(row: WordRow, columns: Columns): Found {
  if (columns.kind === 'services') return serviceIn(row, columns)
  return columns.kind === 'ranges' ? guidelineIn(row, columns) : moveIn(row, columns)
}

function serviceIn(row: WordRow, columns: Columns & { kind: 'services' }): Found {
  const named = protocolsIn(cell(row, columns.protocol))
  const read = columns.ports.map(({ index, protocols: headed }) =>
    readPortCell(cell(row, index).trim(), headed.length > 0 ? headed : named.length > 0 ? named : [protocols[0]]),
  )
  const ports = read.flatMap((one) => (typeof one === 'string' ? [] : one))
  // A service need not have a port in each of several columns, but a number that cannot be read must not be lost.
  const broken = read.find(
    (one, index) => typeof one === 'string' && /\d/.test(cell(row, columns.ports[index]?.index ?? null)),
  )
  const why = broken ?? (ports.length === 0 ? read.find((one) => typeof one === 'string') : undefined)
  if (typeof why === 'string') return refusal(row, why)
  if (columns.name === null) return refusal(row, 'no column of the table names the service')
  return {
    kind: 'service',
    line: row.line,
    text: row.text,
    name: cell(row, columns.name),
    declared: readStatus(cell(row, columns.status)),
    description: columns.descriptions
      .map((index) => cell(row, index))
      .filter((text) => text !== '')
      .join(' · '),
    ports,
  }
}

function guidelineIn(row: WordRow, columns: Columns & { kind: 'ranges' }): Found {
  const span = readSpan(cell(row, columns.range).trim())
  if (typeof span === 'string') return refusal(row, span)
  const purpose = cell(row, columns.purpose)
  const name = [cell(row, columns.name), purpose].find((text) => text.trim() !== '') ?? `${span.from}-${span.to}`
  return {
    kind: 'guideline',
    line: row.line,
    text: row.text,
    span,
    name,
    purpose,
    examples: cell(row, columns.examples),
  }
}

function moveIn(row: WordRow, columns: Columns & { kind: 'moves' }): Found {
  const before = cell(row, columns.from).trim()
  try {
    const to = parsePort(cell(row, columns.to).trim())
    const from = /\d/.test(before) ? parsePort(before) : null
    const service = cell(row, columns.name)
    return { kind: 'move', line: row.line, text: row.text, service, from, to, why: cell(row, columns.why), when: null }
  } catch (problem) {
    if (isProblem(problem, 'port-invalid')) return refusal(row, problem.message)
    throw problem
  }
}

function refusal({ line, text }: WordRow, why: string): Found {
  return { kind: 'refusal', line, text, why }
}

function cell(row: WordRow, index: number | null): string {
  return index === null ? '' : (row.cells[index] ?? '')
}
