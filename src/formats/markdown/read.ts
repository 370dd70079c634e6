import type { PortDocument } from '../../core/document.ts'
import { Problem } from '../../core/problem.ts'
import { repairMojibake } from '../mojibake.ts'
import { readBlocks } from './blocks.ts'
import type { Block } from './blocks.ts'
import { Draft } from './draft.ts'
import type { Found } from './found.ts'
import { readList } from './list.ts'
import { joinRanges } from './ranges.ts'
import { isRulingTable, readRulings } from './ruling-table.ts'
import { Sections } from './sections.ts'
import { readTable } from './table.ts'

/**
 * Reads a person's table of ports in Markdown: tables and lists, ranges from section titles and from a table of
 * guidelines, recorded moves. Every row and item that mentions what could be a port is used or stands in `unused` with
 * the reason; tables and lists about other things, prose, code and comments are passed over. The first of two lines
 * that contradict each other is kept. Throws `document-unusable` where nothing at all could be used; `path` is only
 * for that message.
 */
export function readPortDocument(text: string, path: string): PortDocument {
  const draft = new Draft()
  const sections = new Sections()
  const guidelines: (Found & { kind: 'guideline' })[] = []
  const usedRanges = new Set<string>()
  for (const block of readBlocks(repairMojibake(text))) {
    if (block.kind === 'heading') {
      const refusal = sections.enter(block.line, block.depth, block.text)
      if (refusal) draft.refuse(refusal)
      continue
    }
    for (const found of readBlock(block, sections.aboutPorts())) {
      const range = sections.range()?.name ?? null
      if (found.kind === 'service') {
        if (draft.addService(found, range) && range !== null) usedRanges.add(range)
      } else if (found.kind === 'move') draft.addMove(found)
      else if (found.kind === 'ruling') draft.addRuling(found)
      else if (found.kind === 'guideline') guidelines.push(found)
      else draft.refuse(found)
    }
  }
  const { ranges, refusals } = joinRanges(sections.ranges, usedRanges, guidelines)
  for (const refusal of refusals) draft.refuse(refusal)
  const unused = draft.unused.toSorted((a, b) => a.line - b.line)
  const document = { ranges, services: draft.services, moves: draft.moves, rulings: draft.rulings, unused }
  if (isEmpty(document)) throw new Problem('document-unusable', { path, why: whyEmpty(document) })
  return document
}

function readBlock(block: Exclude<Block, { kind: 'heading' }>, aboutPorts: boolean): Found[] {
  if (block.kind === 'table' && isRulingTable(block.header)) return readRulings(block.rows)
  if (block.kind === 'table') return readTable(block.header, block.rows, aboutPorts)
  if (block.kind === 'list') return readList(block.items, aboutPorts)
  const { line, text } = block
  const why = 'it stands in no table: a header with a line of dashes below it is missing'
  return /^\|.*\d{2}.*\|$/.test(text) ? [{ kind: 'refusal', line, text, why }] : []
}

function isEmpty({ ranges, services, moves }: PortDocument): boolean {
  return ranges.length + services.length + moves.length === 0
}

function whyEmpty({ unused }: PortDocument): string {
  const [first] = unused
  return first
    ? `no line could be used, line ${first.line} for one because ${first.why}`
    : 'no table and no list in it speaks of ports'
}
