/** The host of what holds on every host, also on one that joins later. No machine may be called so. */
export const everyHost = '*'

/** Whether the row counts on the host: it is the host's own, or one of every host's. */
export function countsOn(row: { readonly host: string }, host: string): boolean {
  return row.host === host || row.host === everyHost
}

/** Whether two rows can be in each other's way: they share a host. */
export function hostsMeet(a: string, b: string): boolean {
  return a === b || a === everyHost || b === everyHost
}
