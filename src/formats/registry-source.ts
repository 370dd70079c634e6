import { LineCounter, isNode, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { Problem } from '../core/problem.ts'

export interface Source {
  readonly value: unknown
  /** The 1-based line of what stands at the path, or of the nearest thing around it. */
  readonly lineOf: (path: readonly PropertyKey[]) => number
}

/**
 * A JSON or YAML text as plain values that still know their lines. Both are read as YAML 1.2, of which JSON is a part.
 * Throws `registry-invalid` with the line of the first error.
 */
export function readSource(text: string, path: string): Source {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const why = `line ${lines.linePos(error.pos[0]).line}: ${sentence(error.message)}`
    throw new Problem('registry-invalid', { path, why })
  }
  return { value: valueOf(document, path), lineOf: (place) => lineOf(document, lines, place) }
}

/** Throws for aliases that would grow without measure: `yaml` counts them. */
function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw new Problem('registry-invalid', {
      path,
      why: error instanceof Error ? sentence(error.message) : 'it is not YAML',
    })
  }
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 0
}

function sentence(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/[.:]$/, '')
}
