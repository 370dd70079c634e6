import { anyAddress } from '../../core/address.ts'
import type { Allocation } from '../../core/allocation.ts'
import { noPort } from './port-cell.ts'

type Place = Pick<Allocation, 'protocol' | 'address' | 'port'>

/** From so many neighbours on they are written as `8000-8010`. */
const leastRun = 3
/** As many as a reader takes at once. */
const mostRun = 100

/**
 * A service's ports in the shortest form that reads back the same: `9000/9443`, `8000-8010`, `53 TCP/UDP`; with
 * addresses or several protocols every port by itself: `127.0.0.1:3000/tcp, 53/udp`.
 */
export function writePorts(places: readonly Place[]): string {
  if (places.length === 0) return noPort
  if (places.every(({ protocol, address }) => protocol === 'tcp' && address === anyAddress)) return writePlain(places)
  const [first, second] = places
  if (first && second && places.length === 2 && first.port === second.port && first.address === second.address) {
    return `${written(first)} TCP/UDP`
  }
  return places.map((place) => `${written(place)}/${place.protocol}`).join(', ')
}

function writePlain(places: readonly Place[]): string {
  const runs: { from: number; to: number }[] = []
  for (const port of places.map((place) => place.port).toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && port === last.to + 1 && port - last.from < mostRun) last.to = port
    else runs.push({ from: port, to: port })
  }
  const words = runs.flatMap(({ from, to }) => (to - from + 1 < leastRun ? range(from, to) : [`${from}-${to}`]))
  return words.join(words.some((word) => word.includes('-')) ? ', ' : '/')
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
}

function written({ address, port }: Place): string {
  if (address === anyAddress) return String(port)
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
