/**
 * Bytes that C may write to. A plain `new Uint8Array(64)` lies in the garbage collector's heap and is moved once the code around it gets
 * hot: the address that C was given then points at nothing of ours, and we read what was there before (oven-sh/bun issue 32054, seen
 * here with Bun 1.4.5: sockets lost their holders after some thousand descriptors). With a buffer of its own it stays where it is.
 */
export function fixedBytes(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length))
}

/** A C string. */
export function cString(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(`${text}\0`)
  const fixed = fixedBytes(bytes.length)
  fixed.set(bytes)
  return fixed
}
