import { readFileSync } from 'node:fs'
import type { Block, KernelFacts } from '../core/choose.ts'

/** Linux: `net.ipv4.ip_local_port_range`, `ip_local_reserved_ports`, `ip_unprivileged_port_start` (kernel: Documentation/networking/ip-sysctl.rst). They hold for IPv6 as well. */
export function readKernelFacts(): KernelFacts {
  const [from = Number.NaN, to = Number.NaN] = textOf('ip_local_port_range').split('\t').map(Number)
  let reserved: Block[] | null = null
  return {
    ephemeral: to >= from ? { from, to } : null,
    // Asked only for a port among the ephemeral ones, and each file costs a board a tenth of a millisecond.
    get reserved() {
      return (reserved ??= parseBlocks(textOf('ip_local_reserved_ports')))
    },
    // Where the kernel does not say (before 4.11), the limit is the old one.
    unprivilegedFrom: Number(textOf('ip_unprivileged_port_start') || 1024),
  }
}

/** `8080,9148-9150` and an empty text for none. */
export function parseBlocks(text: string): Block[] {
  if (text === '') return []
  return [...text.matchAll(/(\d+)(?:-(\d+))?/g)].map(([, from, to]) => ({ from: Number(from), to: Number(to ?? from) }))
}

function textOf(name: string): string {
  try {
    return readFileSync(`/proc/sys/net/ipv4/${name}`, 'latin1').trim()
  } catch {
    return ''
  }
}
