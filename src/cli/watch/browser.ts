import type { Row } from './model.ts'

/** How each system opens an address with the program that the person chose for it. `BROWSER` outranks it, as it does for xdg-open(1). */
const openers: Readonly<Record<string, readonly string[]>> = {
  linux: ['xdg-open'],
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Opens `http://localhost:PORT`, or the address where it listens on one alone. Gives what to tell: no shell reads any of it. */
export async function openInBrowser({ port, address }: Pick<Row, 'port' | 'address'>): Promise<string> {
  const url = `http://${hostOf(address)}:${port}/`
  const chosen = process.env['BROWSER']
  const opener = chosen && !chosen.includes(':') && !chosen.includes('%') ? [chosen] : openers[process.platform]
  const program = opener?.[0]
  if (!opener || !program || !Bun.which(program))
    return `open ${url} yourself: there is no ${program ?? 'browser'} here`
  Bun.spawn([...opener, url], { stdio: ['ignore', 'ignore', 'ignore'], detached: true }).unref()
  return `opened ${url}`
}

function hostOf(address: string): string {
  if (address === '*' || address === '0.0.0.0' || address === '::' || address === '127.0.0.1') return 'localhost'
  return address.includes(':') ? `[${address.split('%')[0]}]` : address
}
