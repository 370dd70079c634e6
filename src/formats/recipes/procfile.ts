/** One process type of a Procfile. */
export interface ProcessType {
  readonly line: number
  readonly name: string
  readonly command: string
}

/**
 * A Procfile as Foreman reads it: `name: command`, a line each. Every other line that is neither empty nor a comment is told in `unread`, and so is a name that
 * stands there again. Source: `Foreman::Procfile`, and Heroku's "The Procfile".
 */
export function readProcfile(text: string): {
  readonly types: readonly ProcessType[]
  readonly unread: readonly { readonly line: number; readonly text: string; readonly why: string }[]
} {
  const types = new Map<string, ProcessType>()
  const unread: { line: number; text: string; why: string }[] = []
  for (const [index, written] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const content = written.trim()
    const line = index + 1
    if (content === '' || content.startsWith('#')) continue
    const [, name = '', command = ''] = /^([A-Za-z0-9_-]+):\s*(.*)$/.exec(content) ?? []
    const earlier = types.get(name)
    if (name === '') unread.push({ line, text: content, why: "it is no 'name: command'" })
    else if (command === '') unread.push({ line, text: content, why: 'it has no command' })
    else if (earlier) unread.push({ line, text: content, why: `line ${earlier.line} has a ${name} already` })
    else types.set(name, { line, name, command })
  }
  return { types: [...types.values()], unread }
}
