import { fstatSync, writeSync } from 'node:fs'
import { outputColumns } from '../wiring.ts'

/** Where answers are shown. */
export interface Screen {
  /** Somebody looks at it. */
  readonly terminal: boolean
  readonly colour: boolean
  /** Characters to a line; Infinity where nobody looks. */
  readonly columns: number
}

/** Thrown when whoever read our output went away: `ports | head` is done, not failed. */
export class ClosedPipe extends Error {}

/** Writes to standard output, all of it before it returns. `process.stdout` is not used: making that stream costs 12 ms (Bun 1.4). */
export function writeOut(text: string): void {
  writeAll(1, text)
}

/** Writes to standard error. */
export function writeError(text: string): void {
  writeAll(2, text)
}

function writeAll(descriptor: number, text: string): void {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EPIPE') throw new ClosedPipe()
      if (code !== 'EAGAIN') throw error
      // A pipe that somebody made non-blocking is full: give its reader a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** How standard output is looked at. `NO_COLOR` (no-color.org) and `FORCE_COLOR` outrank what the terminal is. */
export function screenOf(environment: Readonly<Record<string, string | undefined>>): Screen {
  const terminal = isTerminal(1)
  const forced =
    environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '' && environment.FORCE_COLOR !== '0'
  const colour = environment.NO_COLOR ? false : forced || (terminal && environment.TERM !== 'dumb')
  return { terminal, colour, columns: terminal ? columnsOf(environment) : Infinity }
}

/** Whether the descriptor is a terminal: a character device, and none of the kernel's memory devices (major 1: /dev/null). `node:tty` costs 3 ms to load. */
export function isTerminal(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor)
    return status.isCharacterDevice() && status.rdev >> 8 !== 1
  } catch {
    // Closed before we began.
    return false
  }
}

/** `process.stdout` knows them too, on every system: it is asked last, see `writeOut`. */
function columnsOf(environment: Readonly<Record<string, string | undefined>>): number {
  const told = Number(environment.COLUMNS)
  return Number.isInteger(told) && told > 0 ? told : (outputColumns() ?? (process.stdout.columns || 80))
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 } as const
export type Colour = keyof typeof codes

/** The text in a colour, or as it is where the screen has none. */
export function paint(screen: Screen, colour: Colour, text: string): string {
  return screen.colour && text ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text
}

/**
 * JSON as it goes to standard output. Characters that steer terminals stand as escapes: `JSON.stringify` leaves those above 0x7e raw,
 * and 0x9b begins a control sequence as well as ESC does.
 */
export function toJson(value: unknown): string {
  return safeJson(JSON.stringify(value, null, 2))
}

/** The same on one line, for what goes on. */
export function toJsonLine(value: unknown): string {
  return safeJson(JSON.stringify(value))
}

function safeJson(text: string): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `${text.replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g, escape)}\n`
}
