/** A key by its name, or the character that it types. */
export type Key = string & { readonly [named]?: never }
declare const named: unique symbol

/** What terminals send (ECMA-48; xterm's ctlseqs, "PC-Style Function Keys"). */
const sequences: Readonly<Record<string, Key>> = {
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
  '\u001b[1~': 'home',
  '\u001b[4~': 'end',
  '\u001bOH': 'home',
  '\u001bOF': 'end',
}
const controls: Readonly<Record<string, Key>> = {
  '\u0003': 'interrupt',
  '\u0004': 'q',
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
}

/** The keys in what the terminal sent. Several come at once when somebody types fast or pastes; sequences that are not known say nothing. */
export function keysOf(text: string): Key[] {
  const keys: Key[] = []
  for (const [part] of text.matchAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|O[A-Z])|[\s\S]/gu)) {
    const key =
      sequences[part] ?? controls[part] ?? (part >= ' ' && part.length <= 2 && part !== '\u007f' ? part : null)
    if (key !== null) keys.push(key)
  }
  return keys
}
