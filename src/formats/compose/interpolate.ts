import type { ComposeNotice } from '../../core/compose.ts'
import { invalid } from './invalid.ts'
import { TemplateError, fillIn } from './template.ts'
import type { Lookup } from './template.ts'
import { mapScalars, stringOf } from './tree.ts'
import type { Tree } from './tree.ts'

/** The tree with every variable filled in. Keys stay as they are. Notices tell of variables without a value. Throws with the place. */
export function interpolate(tree: Tree, lookup: Lookup, notices: ComposeNotice[]): Tree {
  return mapScalars(tree, (scalar) => {
    if (scalar.type !== 'string' || !scalar.text.includes('$')) return scalar
    try {
      const text = fillIn(scalar.text, lookup, (name) => notices.push({ what: 'unset', text: name, ...scalar.place }))
      return stringOf(text, scalar)
    } catch (error) {
      if (error instanceof TemplateError) throw invalid(scalar.place, error.message)
      throw error
    }
  })
}
