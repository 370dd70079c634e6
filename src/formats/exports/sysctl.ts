import { comment, exportEntries } from './entries.ts'
import type { ExportSource } from './entries.ts'

/**
 * The line that keeps the kernel from giving registered ports to outgoing connections; explicit binds still work. The setting replaces the whole list, so
 * what the kernel keeps already stays in it. It holds for both protocols and families. Source: the kernel's Documentation/networking/ip-sysctl.rst.
 */
export function writeSysctl(source: ExportSource): string {
  const ports = exportEntries(source).map(({ port }) => ({ from: port, to: port }))
  const value = joined([...ports, ...source.kept])
  const title = `Ports of ${source.host}, from the IZA Ports registry, that no outgoing connection takes. It replaces the whole list.`
  return [
    comment(title),
    comment('Put it into /etc/sysctl.d/60-iza-ports.conf, then: sysctl --system'),
    `net.ipv4.ip_local_reserved_ports = ${value}`,
    '',
  ].join('\n')
}

/** Blocks in order, those that touch made one, as the kernel prints them. */
function joined(blocks: readonly { readonly from: number; readonly to: number }[]): string {
  const runs: { from: number; to: number }[] = []
  for (const { from, to } of blocks.toSorted((a, b) => a.from - b.from)) {
    const last = runs.at(-1)
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to)
    else runs.push({ from, to })
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}
