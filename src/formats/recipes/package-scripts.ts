import { isScalar, isSeq, parseDocument } from 'yaml'
import { at, itemsOf, propertiesOf, readJson, stringOf } from '../mentions/json-tree.ts'
import { UnreadableText } from '../mentions/mention-at.ts'
import { Problem } from '../../core/problem.ts'

export interface PackageScript {
  readonly line: number
  readonly name: string
  readonly text: string
}

/** What a `package.json` says of how it is started. */
export interface PackageFile {
  /** Without its scope. */
  readonly name: string | null
  readonly scripts: readonly PackageScript[]
  /** Patterns of folders with packages of their own. */
  readonly workspaces: readonly string[]
  /** The program of the field `packageManager`, without its version. */
  readonly manager: string | null
}

/** Throws `recipe-source-invalid` with the line where the text is no JSON object. */
export function readPackageFile(text: string, path: string): PackageFile {
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  try {
    const root = readJson(text)
    if (root?.type !== 'object') throw new UnreadableText(0, 'it is no JSON object')
    const workspaces = at(root, 'workspaces')
    const patterns = workspaces?.type === 'object' ? at(workspaces, 'packages') : workspaces
    return {
      name: stringOf(at(root, 'name'))?.replace(/^@[^/]*\//, '') ?? null,
      scripts: propertiesOf(at(root, 'scripts')).flatMap(({ name, value }) => {
        const script = stringOf(value)
        return script === null ? [] : [{ line: lineOf(value.offset), name, text: script }]
      }),
      workspaces: itemsOf(patterns).flatMap((item) => stringOf(item) ?? []),
      manager: /^[a-z]+/.exec(stringOf(at(root, 'packageManager')) ?? '')?.[0] ?? null,
    }
  } catch (error) {
    if (error instanceof UnreadableText)
      throw new Problem('recipe-source-invalid', { path, line: lineOf(error.offset), why: error.message })
    throw error
  }
}

/** The patterns of a `pnpm-workspace.yaml`; none where it has none or is no YAML: pnpm itself says what is wrong with it. */
export function pnpmWorkspaces(text: string): string[] {
  const document = parseDocument(text, { logLevel: 'silent' })
  const packages = document.errors.length ? null : document.get('packages')
  return isSeq(packages)
    ? packages.items.flatMap((item) => (isScalar(item) && typeof item.value === 'string' ? [item.value] : []))
    : []
}
