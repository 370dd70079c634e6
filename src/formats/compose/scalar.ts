import type { ScalarTree } from './tree.ts'

/**
 * What an unquoted scalar is for Compose 2, whose parser is gopkg.in/yaml.v3: integers of base 2, 8 (also with a mere leading zero) and 16 with
 * underscores, no numbers of base 60, and `yes` is text. Source: its `resolve.go`, and the behaviour of Compose 2.26.
 */
export function typeOfPlain(text: string): Pick<ScalarTree, 'type' | 'text'> {
  if (text === '' || text === '~' || /^(null|Null|NULL)$/.test(text)) return { type: 'null', text: '' }
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return { type: 'boolean', text: text.toLowerCase() }
  if (/^[-+.0-9]/.test(text)) {
    const integer = integerOf(text.replaceAll('_', ''))
    if (integer !== null) return { type: 'integer', text: integer }
    if (/^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return { type: 'float', text }
    if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(text)) return { type: 'float', text }
  }
  return { type: 'string', text }
}

/** Decimal digits, or null where it is no integer. Beyond 64 bits the YAML parser makes a float of it. */
function integerOf(text: string): string | null {
  const match = /^([-+]?)(0b[01]+|0o?[0-7]+|0x[0-9a-fA-F]+|0|[1-9][0-9]*)$/.exec(text)
  if (!match) return null
  const [, sign = '', digits = ''] = match
  const octal = /^0[0-7]/.test(digits)
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  if (value >= 1n << 63n) return null
  return `${sign === '-' && value !== 0n ? '-' : ''}${value}`
}

/** An unquoted `22:22`, which YAML 1.1, and so Compose 1, reads as a number of base 60 (yaml.org/type/int.html). */
export function isSexagesimal(text: string): boolean {
  return /^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+$/.test(text)
}
