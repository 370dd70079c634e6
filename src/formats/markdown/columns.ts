import type { Protocol } from '../../core/port.ts'
import { headerProtocols, headerWords, roleOf, serviceColumn } from './header.ts'
import type { Role } from './header.ts'
import { readPortCell } from './port-cell.ts'
import { readSpan } from './range-text.ts'

/** A table's rows with the words that their cells show; the columns are told apart by `Columns`. */
export interface WordRow {
  readonly line: number
  readonly text: string
  readonly cells: readonly string[]
}

interface PortColumn {
  readonly index: number
  readonly protocols: readonly Protocol[]
}

/** What a table is about and which column says what. */
export type Columns =
  | {
      readonly kind: 'services'
      readonly name: number | null
      readonly ports: readonly PortColumn[]
      readonly protocol: number | null
      readonly status: number | null
      readonly descriptions: readonly number[]
    }
  | {
      readonly kind: 'ranges'
      readonly range: number
      readonly name: number | null
      readonly purpose: number | null
      readonly examples: number | null
    }
  | {
      readonly kind: 'moves'
      readonly name: number
      readonly from: number | null
      readonly to: number
      readonly why: number | null
    }

/**
 * Reads a table's header, and its cells where the header leaves it open. Null for a table that is about something else.
 * `aboutPorts`: the section around it speaks of ports, so that a column of bare numbers may be one of ports.
 */
export function chooseColumns(
  header: readonly string[],
  rows: readonly WordRow[],
  aboutPorts: boolean,
): Columns | null {
  const headers = header.map(headerWords)
  const roles = headers.map(roleOf)
  return (
    moveColumns(headers, roles, rows) ??
    rangeColumns(headers, roles, rows) ??
    serviceColumns(headers, roles, rows, aboutPorts)
  )
}

function moveColumns(headers: readonly string[], roles: readonly Role[], rows: readonly WordRow[]): Columns | null {
  const name = serviceColumn(headers)
  const to = find(roles, 'new port')
  const from = find(roles, 'old port')
  if (name === null || to === null || from === null) return null
  if (!rows.some(({ cells }) => /^\d{2,5}$/.test(cells[to] ?? ''))) return null
  return { kind: 'moves', name, from, to, why: find(roles, 'description') }
}

/** A column that is headed `Range` holds ranges; a `Port Range` beside services holds the ports of each. */
function rangeColumns(headers: readonly string[], roles: readonly Role[], rows: readonly WordRow[]): Columns | null {
  const range = find(roles, 'range')
  const name = serviceColumn(headers)
  if (range === null || (name !== null && !/^(?:ranges?|blocks?)$/.test(headers[range] ?? ''))) return null
  if (!rows.some(({ cells }) => typeof readSpan(cells[range] ?? '') !== 'string')) return null
  const purpose = find(roles, 'description') ?? find(roles, 'unknown')
  return { kind: 'ranges', range, name, purpose, examples: find(roles, 'examples') }
}

function serviceColumns(
  headers: readonly string[],
  roles: readonly Role[],
  rows: readonly WordRow[],
  aboutPorts: boolean,
): Columns | null {
  const indexes = portIndexes(headers, roles, rows, aboutPorts)
  if (indexes.length === 0) return null
  const ports = indexes.map((index) => ({ index, protocols: headerProtocols(headers[index] ?? '') }))
  const described = every(roles, 'description')
  const name = serviceColumn(headers) ?? described[0] ?? textColumn(roles, rows, indexes)
  return {
    kind: 'services',
    name,
    ports,
    protocol: find(roles, 'protocol'),
    status: find(roles, 'status'),
    descriptions: described.filter((index) => index !== name),
  }
}

function portIndexes(
  headers: readonly string[],
  roles: readonly Role[],
  rows: readonly WordRow[],
  aboutPorts: boolean,
): readonly number[] {
  const headed = [...every(roles, 'port'), ...every(roles, 'range').filter((index) => headers[index]?.includes('port'))]
  const named = headed.length > 0 ? headed : every(roles, 'inner port')
  if (named.length > 0) return named.filter((index) => rows.some(({ cells }) => /\d|^none$/i.test(cells[index] ?? '')))
  const labelled = every(roles, 'label').filter((index) => mostlyPorts(rows, index))
  if (labelled.length === 0 && !aboutPorts)
    return every(roles, 'unknown').filter((index) => mostlyPorts(rows, index, /:\d|\d\/(?:tcp|udp)/i))
  const open = every(roles, 'unknown').filter((index) => mostlyPorts(rows, index))
  return [...labelled, ...open].toSorted((a, b) => a - b)
}

/** Whether half of the cells that say something, or more, say ports, in the form asked for. */
function mostlyPorts(rows: readonly WordRow[], index: number, form = /\d{2}/): boolean {
  const said = rows.map(({ cells }) => cells[index] ?? '').filter((cell) => !/^(?:|-+|–|—|n\/?a|tbd|none)$/i.test(cell))
  const ports = said.filter((cell) => form.test(cell) && typeof readPortCell(cell, ['tcp']) !== 'string')
  return ports.length > 0 && ports.length * 2 >= said.length
}

function textColumn(roles: readonly Role[], rows: readonly WordRow[], taken: readonly number[]): number | null {
  const open = every(roles, 'unknown').concat(every(roles, 'label'))
  return (
    open.find((index) => !taken.includes(index) && rows.some(({ cells }) => /\p{L}/u.test(cells[index] ?? ''))) ?? null
  )
}

function find(roles: readonly Role[], role: Role): number | null {
  const index = roles.indexOf(role)
  return index < 0 ? null : index
}

function every(roles: readonly Role[], role: Role): number[] {
  return roles.flatMap((one, index) => (one === role ? [index] : []))
}
