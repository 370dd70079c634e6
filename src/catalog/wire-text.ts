/** Bytes as text, one character a byte: whatever comes is readable, and nothing is lost. */
export function asText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** ASCII text as bytes. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

export function hasText(bytes: Uint8Array, text: string): boolean {
  return asText(bytes).includes(text)
}

/** The text from there up to the next zero byte, null where none follows. */
export function untilZero(bytes: Uint8Array, from: number): string | null {
  const end = bytes.indexOf(0, from)
  return end < 0 ? null : asText(bytes.subarray(from, end))
}
