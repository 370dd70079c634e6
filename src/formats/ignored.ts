import ignore from 'ignore'
import type { Ignore } from 'ignore'

interface Rules {
  /** Where the rules' own paths begin: empty or with `/` at its end. */
  readonly base: string
  readonly matcher: Ignore
}

/** What version control passes over, as the `.gitignore` files on the way to a folder say. A value: `with` gives another one. */
export class IgnoreRules {
  readonly #all: readonly Rules[]

  constructor(all: readonly Rules[] = []) {
    this.#all = all
  }

  /** These and the rules of a folder below, which count more. `folder` is empty for the top. */
  with(folder: string, text: string): IgnoreRules {
    const base = folder === '' ? '' : `${folder}/`
    return new IgnoreRules([...this.#all, { base, matcher: ignore().add(text) }])
  }

  /** Whether the path, counted from the top, is passed over. What stands in an ignored folder is ignored with it and must not be asked for. */
  ignores(path: string, isFolder: boolean): boolean {
    for (const { base, matcher } of this.#all.toReversed()) {
      if (!path.startsWith(base)) continue
      const { ignored, unignored } = matcher.test(path.slice(base.length) + (isFolder ? '/' : ''))
      if (ignored || unignored) return ignored
    }
    return false
  }
}
