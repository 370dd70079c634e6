interface Opener {
  readonly piece: number
  length: number
}

/**
 * The runs of `*`, `_` and `~` of one text, paired as CommonMark 6.2 pairs them: what is paired is not shown, what is
 * left over is. Each kind of mark is paired by itself, so every run is looked at once.
 */
export class Emphasis {
  readonly #pieces: string[]
  readonly #openers: Record<string, Opener[]> = { '*': [], _: [], '~': [] }

  /** `pieces` is the text shown so far; what opens emphasis is put there and taken away when it is closed. */
  constructor(pieces: string[]) {
    this.#pieces = pieces
  }

  /** Reads the run that begins at `start` and returns its length. */
  run(source: string, start: number): number {
    const mark = source.charAt(start)
    let end = start
    while (source[end] === mark) end++
    const { opens, closes } = sides(mark, source.slice(Math.max(0, start - 2), start), source.slice(end, end + 2))
    const openers = this.#openers[mark] ?? []
    const left = closes ? this.#close(openers, mark, end - start) : end - start
    if (left > 0) {
      if (opens) openers.push({ piece: this.#pieces.length, length: left })
      this.#pieces.push(mark.repeat(left))
    }
    return end - start
  }

  /** Pairs the run with the openers before it, nearest first; returns how many marks are left over. */
  #close(openers: Opener[], mark: string, length: number): number {
    let left = length
    for (let opener = openers.at(-1); opener && left > 0; opener = openers.at(-1)) {
      const used = Math.min(opener.length, left)
      opener.length -= used
      left -= used
      this.#pieces[opener.piece] = mark.repeat(opener.length)
      if (opener.length === 0) openers.pop()
    }
    return left
  }
}

/** The flanking rules: emphasis hugs its words, and an underscore within a word is only an underscore. */
function sides(mark: string, before: string, after: string): { opens: boolean; closes: boolean } {
  const spaceBefore = before === '' || /\s$/.test(before)
  const spaceAfter = after === '' || /^\s/.test(after)
  const signBefore = /[\p{P}\p{S}]$/u.test(before)
  const signAfter = /^[\p{P}\p{S}]/u.test(after)
  const left = !spaceAfter && (!signAfter || spaceBefore || signBefore)
  const right = !spaceBefore && (!signBefore || spaceAfter || signAfter)
  if (mark !== '_') return { opens: left, closes: right }
  return { opens: left && (!right || signBefore), closes: right && (!left || signAfter) }
}
