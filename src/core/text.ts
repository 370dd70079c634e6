/** Characters that steer a terminal or hide text: C0 and C1 controls, delete, line separators, bidirectional overrides. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/

/**
 * Text that came from outside (a process title, a registry row), made safe to print on one line: everything that could steer a terminal
 * is shown as `\x1b` or `\u202e` instead of being sent.
 */
export function printable(text: string): string {
  if (!unprintable.test(text)) return text
  return text.replace(new RegExp(unprintable, 'g'), (character) => {
    const code = character.charCodeAt(0)
    if (code === 10) return '\\n'
    if (code === 9) return '\\t'
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** Whether `printable` would leave the text as it is. */
export function isPrintable(text: string): boolean {
  return !unprintable.test(text)
}

/** The text cut to `length` characters, with an ellipsis where something was cut. Surrogate pairs are not torn. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  const characters = Array.from(text)
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`
}

/** `1 service`, `2 services`: a count with its noun. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`
}

/** `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`
}

/** The candidate that is fewest edits away from the word, or null where none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = edits(word.toLowerCase(), candidate.toLowerCase(), least)
    // Where every letter would have to be another one, nothing of the word is meant.
    if (distance < least && distance < candidate.length) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Levenshtein's distance, given up (with `limit`) as soon as it cannot come below the limit: a 10,000 character name costs nothing. */
function edits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution))
    }
    row = next
  }
  return row[b.length] ?? limit
}
