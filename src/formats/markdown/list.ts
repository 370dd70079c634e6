import type { Item } from './blocks.ts'
import type { Found } from './found.ts'
import { plainText } from './inline.ts'
import { readMove } from './move-sentence.ts'
import { readPortCell } from './port-cell.ts'
import { surePort } from './port-tokens.ts'

const maybePort = /(?<![\d.,-])\d{4,5}(?![\d.]|,\d)/
/** What separates a name from its port and the port from a remark. */
const parts = /\s*(?::\s+|:$|\s[-–—]+\s|[–—]|\s?[=→]\s?|\s[-=]>\s)\s*/
const longestItem = 2000

/**
 * What a list says that serves as a table: `10000: PostgreSQL (container)`, `PostgreSQL: 5432`, `**Grafana** - port
 * 3000`, also moves. `aboutPorts`: the section around it speaks of ports; else a bare number above 1023 counts where
 * most items of the list have one.
 */
export function readList(items: readonly Item[], aboutPorts: boolean): Found[] {
  const words = items.map(({ text }) => plainText(text))
  const parents = parentsOf(words, items)
  const candidates = words.map((text, index) => readItem(text, parents[index] ?? null))
  const plain = new Set(candidates.filter((one) => one?.ports.every(({ port }) => port >= 1024)))
  const isTelling = items.length > 1 && plain.size * 2 > items.length
  return items.flatMap(({ line, text }, index): Found[] => {
    const shown = words[index] ?? ''
    const move = readMove(line, text)
    if (move) return [move]
    const found = candidates[index]
    const sure = surePort.test(shown)
    if (found && (aboutPorts || sure || (isTelling && plain.has(found))))
      return [{ kind: 'service', line, text, declared: 'reserved', ...found }]
    if (!sure && (isParent(items, index) || !maybePort.test(shown))) return []
    return [{ kind: 'refusal', line, text, why: whyNot(shown, found !== null) }]
  })
}

interface Read {
  readonly name: string
  readonly ports: Exclude<ReturnType<typeof readPortCell>, string>
  readonly description: string
}

function readItem(text: string, parent: string | null): Read | null {
  if (text.length > longestItem) return null
  const [first = '', ...others] = text.split(parts)
  return nameFirst(first, others, parent) ?? portFirst(first, others) ?? nameWithBrackets(text)
}

/** `PostgreSQL: 5432`, `Grafana - port 3000 - dashboards`; `Port: 3000` below an item means that item. */
function nameFirst(first: string, [second, ...rest]: readonly string[], parent: string | null): Read | null {
  if (second === undefined || !/\p{L}/u.test(first)) return null
  const { bare, remark } = withoutRemark(second)
  const ports = readPorts(second) ?? readPorts(bare)
  if (!ports) return null
  const about = readPorts(second) ? rest : [...(remark === '' ? [] : [remark]), ...rest]
  const name = /^(?:host |external )?ports?$/i.test(first) ? parent : first
  return name === null ? null : { name, ports, description: about.join(' - ') }
}

/** `10000: PostgreSQL (container)`, `Port 3000 - Grafana`. */
function portFirst(first: string, [second, ...rest]: readonly string[]): Read | null {
  const ports = second === undefined ? null : readPorts(first)
  if (!ports || second === undefined || !/\p{L}/u.test(second)) return null
  const { bare, remark } = withoutRemark(second)
  return { name: bare, ports, description: [...(remark === '' ? [] : [remark]), ...rest].join(' - ') }
}

/** `Grafana (3000)`, `Grafana (port 3000)`. */
function nameWithBrackets(text: string): Read | null {
  const match = /^([^()]+)\(([^()]+)\)(?:\s*[-–—:]\s*(.*))?$/s.exec(text)
  const ports = match && readPorts(match[2] ?? '')
  return ports && /\p{L}/u.test(match[1] ?? '') ? { name: match[1] ?? '', ports, description: match[3] ?? '' } : null
}

function readPorts(text: string): Read['ports'] | null {
  const ports = readPortCell(text.trim(), ['tcp'])
  return typeof ports === 'string' || ports.length === 0 ? null : ports
}

/** A remark in brackets at the end is what the service is, not what it is called; `(Resolved)` stays. */
function withoutRemark(text: string): { bare: string; remark: string } {
  const match = /^([^(]+)\(([^()]*)\)$/.exec(text.trim())
  if (!match || /^resolved$/i.test(match[2] ?? '')) return { bare: text, remark: '' }
  return { bare: (match[1] ?? '').trim(), remark: match[2] ?? '' }
}

/** For each item the words of the nearest item before it that is set in less. */
function parentsOf(words: readonly string[], items: readonly Item[]): (string | null)[] {
  const open: { indent: number; text: string }[] = []
  return items.map(({ indent }, index) => {
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop()
    const parent = open.at(-1)?.text ?? null
    open.push({ indent, text: (words[index] ?? '').replace(/:$/, '') })
    return parent
  })
}

function isParent(items: readonly Item[], index: number): boolean {
  return (items[index + 1]?.indent ?? 0) > (items[index]?.indent ?? 0)
}

function whyNot(text: string, readable: boolean): string {
  if (readable) return 'the list does not say that its numbers are ports'
  if (text.length > longestItem) return `the item has ${text.length} characters`
  const ports = text.split(parts).map((part) => readPortCell(part.trim(), ['tcp']))
  const why = ports.find((one) => typeof one === 'string' && /\d.* (?:is not a port|backwards|are the most)/.test(one))
  return typeof why === 'string' ? why : 'it is no name with a port'
}
