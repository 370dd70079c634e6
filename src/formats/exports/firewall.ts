import { anyAddress, anyIPv4, anyIPv6, familiesOf, isLoopback } from '../../core/address.ts'
import { comment, exportEntries, titleOf } from './entries.ts'
import type { ExportEntry, ExportSource } from './entries.ts'

/**
 * Who can be reached from outside, as a ruleset for nft with the same for ufw in comments. The rules stand in a chain that nothing jumps to, so that
 * loading the file changes nothing by itself. What listens on loopback gets no rule. Source: nft(8), ufw(8).
 */
export function writeFirewall(source: ExportSource): string {
  const entries = exportEntries(source)
  const outside = entries.filter(({ address }) => !isLoopback(address))
  return [
    comment(
      `Ports of ${source.host}, from the IZA Ports registry, that others may reach. Loading it opens nothing by itself:`,
    ),
    comment('  nft -f FILE, then let your own chain jump there: nft add rule inet filter input jump iza_ports'),
    comment(
      'Ports that a container engine publishes pass by these rules: give them an address of this machine instead.',
    ),
    'table inet filter {',
    '    chain iza_ports {',
    '    }',
    '}',
    'flush chain inet filter iza_ports',
    'table inet filter {',
    '    chain iza_ports {',
    ...outside.flatMap((entry) => [`        ${comment(titleOf(entry))}`, `        ${nftRule(entry)}`]),
    '    }',
    '}',
    '',
    comment('The same for ufw:'),
    ...outside.map((entry) => comment(ufwLine(entry))),
    ...entries
      .filter(({ address }) => isLoopback(address))
      .map((entry) => comment(`no rule: ${entry.service} (${entry.port}/${entry.protocol}) is for this machine only`)),
    '',
  ].join('\n')
}

function nftRule({ address, protocol, port, label }: ExportEntry): string {
  return `${nftAddress(address)}${protocol} dport ${port} accept comment "${label}"`
}

function nftAddress(address: ExportEntry['address']): string {
  if (address === anyAddress) return ''
  if (address === anyIPv4 || address === anyIPv6) return `meta nfproto ipv${familiesOf(address)[0]} `
  const [bare = ''] = address.split('%')
  return `${bare.includes(':') ? 'ip6' : 'ip'} daddr ${bare} `
}

function ufwLine({ address, protocol, port, label }: ExportEntry): string {
  const [bare = ''] = address.split('%')
  const to = address === anyAddress ? 'any' : address === anyIPv6 ? '::/0' : address === anyIPv4 ? '0.0.0.0/0' : bare
  return `ufw allow proto ${protocol} to ${to} port ${port} comment '${label}'`
}
