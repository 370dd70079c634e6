const begin = '# ports: begin (kept by "ports env --write"; what stands between these two lines is written anew)'
const end = '# ports: end'

/** The name of the variable that holds the port of a claim: `web` is `WEB_PORT`, `my-api` is `MY_API_PORT`. */
export function variableOf(name: string): string {
  const words = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  const safe = /^[A-Z]/.test(words) ? words : `_${words}`
  return safe.endsWith('_PORT') || safe === 'PORT' ? safe : `${safe}_PORT`
}

/** `WEB_PORT=20001`, a line each, in the order given. Digits need no quotes in any dialect. */
export function envLines(ports: readonly { readonly name: string; readonly port: number }[], shell = false): string {
  return ports.map(({ name, port }) => `${shell ? 'export ' : ''}${variableOf(name)}=${port}\n`).join('')
}

/** The text of an env file with our block replaced, or added at its end. Everything else stays byte for byte. */
export function replaceBlock(text: string, lines: string): string {
  const block = `${begin}\n${lines}${end}\n`
  const at = text.indexOf(begin)
  const after = at < 0 ? -1 : text.indexOf(end, at)
  if (at < 0 || after < 0) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${block}`
  const rest = text.slice(after + end.length).replace(/^\r?\n/, '')
  return text.slice(0, at) + block + rest
}

export interface PortVariable {
  readonly variable: string
  readonly port: number
  readonly line: number
}

/** The ports that variables of an env file give, our block included or not. Quotes and `export` are allowed; anything that is no plain port is left out. */
export function portsIn(text: string, block: 'with our block' | 'without our block'): PortVariable[] {
  let inside = false
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line === begin) inside = true
    else if (line === end) inside = false
    const [, variable = '', value = ''] =
      /^\s*(?:export\s+)?((?:[A-Za-z_]\w*)?PORT)\s*=\s*["']?(\d{1,5})["']?\s*(?:#.*)?$/i.exec(line) ?? []
    return (inside && block === 'without our block') || variable === ''
      ? []
      : [{ variable, port: Number(value), line: index + 1 }]
  })
}
