const given = new Set<number>()

/**
 * A port that nothing listens on, never the same one twice. It lies below the ports that the kernel gives to connections: such a one may be taken
 * by any connection of any program between this answer and the server's start, or while a server is down.
 */
export function freePort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (given.has(port) || !isFree(port)) continue
    given.add(port)
    return port
  }
}

function isFree(port: number): boolean {
  try {
    for (const hostname of ['0.0.0.0', '::'])
      Bun.listen({ hostname, port, exclusive: true, socket: { data() {} } }).stop(true)
    return true
  } catch {
    return false
  }
}
