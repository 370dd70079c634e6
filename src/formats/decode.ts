import { Problem } from '../core/problem.ts'

/** No table of ports that a person keeps comes near this; a log or a dump pasted by mistake does. */
const mostBytes = 20 * 1024 * 1024

/**
 * The text of a file: UTF-8, with or without its byte order mark, or UTF-16 with one. Line ends stay as they are.
 * Throws `document-unusable` for a file that is empty, larger than 20 MB or not text; `path` is only for that message.
 */
export function decodeDocument(bytes: Uint8Array, path: string): string {
  const refuse = (why: string): Problem => new Problem('document-unusable', { path, why })
  if (bytes.length > mostBytes) throw refuse(`it has ${(bytes.length / 1024 / 1024).toFixed(1)} MB, 20 MB are the most`)
  const text = decode(bytes)
  if (text === null || text.includes('\0')) throw refuse('it is not text')
  if (text.trim() === '') throw refuse('it is empty')
  return text
}

/** Null where the bytes are not what their mark (or none) promises. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
