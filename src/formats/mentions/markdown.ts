import type { Mention } from '../../core/mention.ts'
import { readBlocks } from '../markdown/blocks.ts'
import type { Row } from '../markdown/blocks.ts'
import { chooseColumns } from '../markdown/columns.ts'
import type { Columns } from '../markdown/columns.ts'
import { plainText } from '../markdown/inline.ts'
import { readPortCell } from '../markdown/port-cell.ts'
import { protocolsIn } from '../markdown/port-tokens.ts'
import { Sections } from '../markdown/sections.ts'
import { mentionAt } from './mention-at.ts'

type ServiceColumns = Columns & { kind: 'services' }

/** The ports of a document's tables, one for each cell that holds a single port. Tables of moves are history, and prose is nobody's business. */
export function readMarkdownMentions(text: string): Mention[] {
  const starts = lineStarts(text)
  const sections = new Sections()
  return readBlocks(text).flatMap((block) => {
    if (block.kind === 'heading') sections.enter(block.line, block.depth, block.text)
    if (block.kind !== 'table') return []
    const words = block.rows.map(({ line, text: row, cells }) => ({
      line,
      text: row,
      cells: cells.map((markdown) => plainText(markdown)),
    }))
    const header = block.header.map((markdown) => plainText(markdown))
    const columns = chooseColumns(header, words, sections.aboutPorts())
    if (columns?.kind !== 'services' || columns.name === null) return []
    return block.rows.flatMap((row, index) => readRow(row, words[index]?.cells ?? [], columns))
  })

  function readRow(row: Row, cells: readonly string[], columns: ServiceColumns): Mention[] {
    const name = columns.name === null ? '' : (cells[columns.name] ?? '')
    const named = columns.protocol === null ? [] : protocolsIn(cells[columns.protocol] ?? '')
    const start = starts[row.line - 1] ?? 0
    const line = text.slice(start, starts[row.line] ?? text.length)
    const places = cellPlaces(line)
    const [only, ...others] = columns.ports
    if (!only || others.length > 0 || name.trim() === '') return []
    const headed = only.protocols.length > 0 ? only.protocols : named.length > 0 ? named : (['tcp'] as const)
    const ports = readPortCell((cells[only.index] ?? '').trim(), headed)
    const place = places[only.index]
    if (typeof ports === 'string' || ports.length !== 1 || !place) return []
    const [port] = ports
    // What the line's own cell does not say, a comment or a quotation has shifted.
    const digits = [...line.slice(place.start, place.end).matchAll(/(?<![\d.:/])\d{1,5}(?![\d.])/g)].filter(
      (match) => Number(match[0]) === port?.port,
    )
    const [match] = digits
    if (!match || digits.length !== 1 || !port) return []
    const { protocol } = port
    return mentionAt(start + place.start + match.index, match[0], {
      protocol,
      names: [{ by: 'row', text: name.trim() }],
    })
  }
}

/** Where the cells of a row stand in its line, counted as `splitRow` counts them. */
function cellPlaces(line: string): { readonly start: number; readonly end: number }[] {
  const content = /^(?: {0,3}>[ >]*)?\s*(?:-\s+(?=\|))?\|?/.exec(line)?.[0].length ?? 0
  const places: { start: number; end: number }[] = []
  let start = content
  for (let at = content; at < line.length; at++) {
    if (line[at] === '\\') at++
    else if (line[at] === '|') {
      places.push({ start, end: at })
      start = at + 1
    }
  }
  return [...places, { start, end: line.length }]
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)]
}
