import { levels } from '../../core/audit/finding.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { Row } from './blocks.ts'
import { escapeText } from './escape.ts'
import type { Found } from './found.ts'
import { headerWords } from './header.ts'
import { plainText } from './inline.ts'

export const rulingHeader = ['Rule', 'Accepted For', 'Level', 'Reason', 'Decided']

/** What stands where a level holds for the whole rule. */
const everything = 'everything'
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/

/** Whether a table with this header is the one that `writeRuling` writes: nobody else has these five columns. */
export function isRulingTable(header: readonly string[]): boolean {
  const words = header.map((cell) => headerWords(plainText(cell)))
  return rulingHeader.every((name, index) => words[index] === headerWords(name))
}

export function readRulings(rows: readonly Row[]): Found[] {
  return rows.map(({ line, text, cells }): Found => {
    const [rule = '', about = '', level = '', why = '', when = ''] = cells.map((cell) => plainText(cell))
    const known = levels.find((one) => one === level)
    const refuse = (reason: string): Found => ({ kind: 'refusal', line, text, why: reason })
    if (!/^[a-z0-9-]{1,100}$/.test(rule)) return refuse(`'${rule}' is not a rule of the audit`)
    if (!known) return refuse(`'${level}' is not a level: ${levels.join(', ')}`)
    if (when !== '' && !time.test(when)) return refuse(`'${when}' is not a time`)
    return {
      kind: 'ruling',
      line,
      text,
      rule,
      about: about === everything ? null : about,
      level: known,
      why,
      when: when === '' ? null : when,
    }
  })
}

/** The row of one decision. */
export function writeRuling({ rule, about, level, why, when }: Ruling): string[] {
  return [rule, about === null ? everything : escapeText(about), level, escapeText(why), when ?? '']
}
