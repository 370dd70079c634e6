import { Problem } from './problem.ts'

export const protocols = ['tcp', 'udp'] as const
export type Protocol = (typeof protocols)[number]

declare const checked: unique symbol
/** A whole number from 1 to 65535 that went through `parsePort` or `isPortNumber`: nobody checks it again. */
export type PortNumber = number & { readonly [checked]: 'port' }

export function isPortNumber(number: number): number is PortNumber {
  return Number.isInteger(number) && number >= 1 && number <= 65535
}

/** A number that is known to be a port, branded. Throws `port-invalid`. */
export function port(number: number): PortNumber {
  if (!isPortNumber(number)) throw new Problem('port-invalid', { text: String(number) })
  return number
}

/**
 * Exactly one port as a person types it: ASCII digits without sign, space, leading zero or exponent, so that nothing but the number
 * that stands there can be meant. Throws `port-invalid`.
 */
export function parsePort(text: string): PortNumber {
  const number = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : Number.NaN
  if (!isPortNumber(number)) throw new Problem('port-invalid', { text })
  return number
}

/** `3000` or `3005-3010`, both ends included. Throws `port-invalid` and `block-backwards`. */
export function parsePorts(text: string): PortNumber[] {
  const [from, to, ...more] = text.split('-')
  // What is refused is named as it was typed: of `-1` nothing stands before the sign.
  if (!from || to === '' || more.length) throw new Problem('port-invalid', { text })
  const first = parsePort(from)
  if (to === undefined) return [first]
  const last = parsePort(to)
  if (last < first) throw new Problem('block-backwards', { from: first, to: last })
  return Array.from({ length: last - first + 1 }, (_, index) => port(first + index))
}
