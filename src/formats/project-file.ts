/** The files that make a folder a project, the most telling first: what a server of it was most likely started by. */
export const projectFiles = [
  'package.json',
  'pyproject.toml',
  'go.mod',
  'Cargo.toml',
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
] as const

/** The name that a project gives itself in its file, null where it gives none or the text is no such file. The file's name decides how it is read. */
export function projectName(file: string, text: string): string | null {
  if (file === 'package.json') return nameInJson(text)
  if (file === 'pyproject.toml') return nameInToml(text, ['project', 'tool.poetry'])
  if (file === 'Cargo.toml') return nameInToml(text, ['package'])
  if (file === 'go.mod') return /^module\s+"?([^\s"]+)"?/m.exec(text)?.[1] ?? null
  return /^name:\s*(["']?)([^\s"'#]+)\1\s*(?:#.*)?$/m.exec(text)?.[2] ?? null
}

function nameInJson(text: string): string | null {
  try {
    const content: unknown = JSON.parse(text)
    const name: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, 'name') : null
    return typeof name === 'string' && name !== '' ? name : null
  } catch {
    return null
  }
}

/** The first `name = "..."` of one of the tables. A whole reader of TOML would be loaded for one line. */
function nameInToml(text: string, tables: readonly string[]): string | null {
  let inside = false
  for (const line of text.split('\n')) {
    const table = /^\s*\[([^[\]]+)\]/.exec(line)?.[1]
    if (table !== undefined) inside = tables.includes(table.trim())
    const name = inside ? /^\s*name\s*=\s*(["'])(.+?)\1/.exec(line)?.[2] : undefined
    if (name !== undefined) return name
  }
  return null
}
