/** The value of a variable, or undefined where it is not set. */
export type Lookup = (name: string) => string | undefined

/** A text that cannot be filled in: the variable that is required, or what is wrong with the template. */
export class TemplateError extends Error {}

const nameAtStart = /^[_a-zA-Z][_a-zA-Z0-9]*/
const operatorAtStart = /^:?[-?+]/

/**
 * Fills `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:?error}`, `${VAR?error}`, `${VAR:+other}` and `${VAR+other}` in, `$$` being
 * one dollar; what stands behind an operator is a template again. `unset` hears of variables that have no value and no default: they become
 * empty. A dollar before anything else stays, as in Compose 2. Throws `TemplateError`.
 * Source: the Compose specification, "Interpolation", and the behaviour of Compose 2.26.
 */
export function fillIn(template: string, lookup: Lookup, unset: (name: string) => void = () => {}): string {
  let result = ''
  let rest = template
  for (let dollar = rest.indexOf('$'); dollar >= 0; dollar = rest.indexOf('$')) {
    result += rest.slice(0, dollar)
    rest = rest.slice(dollar + 1)
    const [bare] = nameAtStart.exec(rest) ?? []
    if (rest.startsWith('$')) {
      result += '$'
      rest = rest.slice(1)
    } else if (bare !== undefined) {
      result += valueOf(bare, lookup, unset)
      rest = rest.slice(bare.length)
    } else if (rest.startsWith('{')) {
      const end = closingBrace(rest)
      const inside = rest.slice(1, end < 0 ? undefined : end)
      if (end < 0 || inside.includes('\n')) throw notATemplate(`$${rest}`)
      result += fillBraces(inside, lookup, unset)
      rest = rest.slice(end + 1)
    } else {
      result += '$'
    }
  }
  return result + rest
}

function fillBraces(inside: string, lookup: Lookup, unset: (name: string) => void): string {
  const [name] = nameAtStart.exec(inside) ?? []
  if (name === undefined) throw notATemplate(`\${${inside}}`)
  const behind = inside.slice(name.length)
  if (behind === '') return valueOf(name, lookup, unset)
  const [operator] = operatorAtStart.exec(behind) ?? []
  if (operator === undefined) throw notATemplate(`\${${inside}}`)
  const word = (): string => fillIn(behind.slice(operator.length), lookup, unset)
  const value = lookup(name)
  const counts = value !== undefined && (value !== '' || !operator.startsWith(':'))
  if (operator.endsWith('+')) return counts ? word() : ''
  if (counts) return value
  if (operator.endsWith('-')) return word()
  const why = word()
  throw new TemplateError(`the variable ${name} is required${why ? `: ${why}` : ''}`)
}

function valueOf(name: string, lookup: Lookup, unset: (name: string) => void): string {
  const value = lookup(name)
  if (value === undefined) unset(name)
  return value ?? ''
}

/** Where the brace closes that the text begins with: each `${` opens another one. */
function closingBrace(text: string): number {
  let open = 1
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '}') open--
    else if (text[at] === '$' && text[at + 1] === '{') {
      open++
      at++
    }
    if (open === 0) return at
  }
  return -1
}

function notATemplate(text: string): TemplateError {
  const line = text.split('\n', 1)[0] ?? ''
  return new TemplateError(`${line} is no variable; a dollar that is meant as such is written $$`)
}
