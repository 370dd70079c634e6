/** The names that people write by hand; any other stays as it stands. */
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  middot: '·',
  copy: '©',
  reg: '®',
  trade: '™',
  vert: '|',
}

/** The character that `&amp;`, `&#124;` or `&#x7c;` stands for. CommonMark: no character at all is U+FFFD. */
export function decodeReference(reference: string): string {
  const body = reference.slice(1, -1)
  if (!body.startsWith('#')) return Object.hasOwn(named, body) ? (named[body] ?? reference) : reference
  const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1))
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return String.fromCodePoint(isCharacter ? code : 0xfffd)
}

/** A character as a reference, which no reader of Markdown takes for anything but that character. */
export function encodeReference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0xfffd};`
}
