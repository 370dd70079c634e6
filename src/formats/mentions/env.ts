import type { Mention } from '../../core/mention.ts'
import { endpointsIn, fallbacksIn, isHere } from './endpoints.ts'
import { holdsPort, mentionAt } from './mention-at.ts'

interface Assignment {
  readonly variable: string
  readonly value: string
  /** Where the value begins, behind its quote. */
  readonly start: number
}

const statement = /^[ \t]*(?:export[ \t]+)?(?<variable>[A-Za-z_][\w.-]*)[ \t]*(?:=|:[ \t])[ \t]*/

/**
 * The ports of an env file or of a script that exports variables: `PORT=3000`, `export API_PORT="3000"`, `API_URL=http://localhost:3000`,
 * `PORT=${PORT:-3000}`. A port whose host is told beside it (`DB_HOST=db`) and is another machine is left out.
 */
export function readEnvMentions(text: string): Mention[] {
  const assignments = assignmentsOf(text)
  const values = new Map(assignments.map(({ variable, value }) => [variable, value]))
  return assignments.flatMap(({ variable, value, start }) => {
    const names = [{ by: 'variable', text: variable } as const]
    if (/^\d+$/.test(value)) {
      return holdsPort(variable) && !isElsewhere(variable, values) ? mentionAt(start, value, { names }) : []
    }
    return [...endpointsIn(value, start, names), ...fallbacksIn(value, start)]
  })
}

function isElsewhere(variable: string, values: ReadonlyMap<string, string>): boolean {
  const stem = variable.replace(/PORT$/i, '')
  return ['HOST', 'HOSTNAME', 'SERVER', 'ADDR', 'ADDRESS'].some((word) => !isHere(values.get(stem + word) ?? ''))
}

function assignmentsOf(text: string): Assignment[] {
  const assignments: Assignment[] = []
  for (let at = 0; at < text.length;) {
    const lineEnd = endOfLine(text, at)
    const match = statement.exec(text.slice(at, lineEnd))
    if (!match) {
      at = lineEnd + 1
      continue
    }
    const start = at + match[0].length
    const { value, end, quoted } = valueAt(text, start, lineEnd)
    assignments.push({ variable: match.groups?.['variable'] ?? '', value, start: quoted ? start + 1 : start })
    at = endOfLine(text, end) + 1
  }
  return assignments
}

/** A quoted value may go on over lines; one that is never closed ends with its line. */
function valueAt(text: string, start: number, lineEnd: number): { value: string; end: number; quoted: boolean } {
  const quote = text[start]
  if (quote === '"' || quote === "'") {
    for (let at = start + 1; at < text.length; at++) {
      if (text[at] === '\\' && quote === '"') at++
      else if (text[at] === quote) return { value: text.slice(start + 1, at), end: at, quoted: true }
    }
  }
  const bare = text.slice(start, lineEnd).split(/[ \t]#/, 1)[0] ?? ''
  return { value: bare.trimEnd(), end: start, quoted: false }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}
