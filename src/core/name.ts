import { everyHost } from './host.ts'
import { Problem } from './problem.ts'
import { isPrintable } from './text.ts'

/** Longer names are almost surely a mistake (a file pasted into an argument), and every table would be torn by them. */
const longestName = 200

/** A name as it is kept: NFC, single spaces, none at the ends. Throws `name-invalid` for an empty, overlong or unprintable one. */
export function parseName(text: string, what: 'service' | 'range' | 'host' | 'owner'): string {
  if (!isPrintable(text)) throw new Problem('name-invalid', { what, text, why: 'it holds control characters' })
  const name = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (what === 'host' && name === everyHost)
    throw new Problem('name-invalid', { what, text: name, why: 'it stands for every host' })
  if (name === '') throw new Problem('name-invalid', { what, text: name, why: 'it is empty' })
  if (name.length > longestName) {
    throw new Problem('name-invalid', {
      what,
      text: name,
      why: `it has ${name.length} characters, ${longestName} are the most`,
    })
  }
  return name
}

/** Two spellings with one key are one name: case does not count, nor does the `(Resolved)` that people write behind moved services. */
export function nameKey(name: string): string {
  const bare = name.endsWith(')') ? withoutMark(name).name : name
  // Almost every name is plain already, and keys are made by the thousand.
  return plain.test(bare) ? bare.toLowerCase() : bare.toLowerCase().normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** ASCII with single spaces inside: what normalising would leave as it is. */
const plain = /^[!-~]+(?: [!-~]+)*$/

/** A service name without its `(Resolved)` mark, and whether it bore one. */
export function withoutMark(name: string): { name: string; resolved: boolean } {
  const bare = name.replace(/\s*\(resolved\)\s*$/i, '')
  return bare === '' ? { name, resolved: false } : { name: bare, resolved: bare !== name }
}
