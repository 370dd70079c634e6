import { readSync, writeSync } from 'node:fs'

/** Says that this program has loaded, and waits until its standard input is closed: so that several begin at one moment. */
export function waitAtGate(): void {
  say('ready')
  readSync(0, new Uint8Array(1))
}

/** One line that has left this program when the function returns, so that a kill afterwards cannot take it back. */
export function say(value: unknown): void {
  writeSync(1, `${JSON.stringify(value)}\n`)
}
