/** What a keeper of a socket calls itself: whoever lists processes reads what it is there for. */
export function keeperTitle(port: number, service: string): string {
  return `ports: keeps ${port} for ${service}`
}

/** The service for which a holder keeps a socket; null for any other process. */
export function serviceKept({ command }: { readonly command: string }): string | null {
  return /^ports: keeps \d+ for (.+) \d+$/.exec(command)?.[1] ?? null
}

/** Whether a holder only keeps a socket for a service that may be up or not: it serves nobody. */
export function isKeeper({ command }: { readonly command: string }): boolean {
  return /^ports: keeps \d+ for /.test(command)
}
