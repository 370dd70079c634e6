import { anyAddress, anyIPv4, anyIPv6, familiesOf, reachesLoopback } from '../address.ts'
import type { Allocation } from '../allocation.ts'

type Worth = (allocation: Allocation) => number

/**
 * Of allocations that share one port and protocol, those that stay: side by side they are worth the most. Addresses overlap only through those that
 * stand for a whole family, so that either one service has both families, or each family is decided by itself: one service for all of it, or one for
 * each address.
 */
export function keepersOf(allocations: readonly Allocation[], worth: Worth): Allocation[] {
  const dearest = (some: readonly Allocation[]): Allocation[] => {
    const [first, ...others] = some
    if (!first) return []
    return [others.reduce((best, one) => (worth(one) > worth(best) ? one : best), first)]
  }
  const apart = ([4, 6] as const).flatMap((family) => {
    const own = allocations.filter(({ address }) => address !== anyAddress && familiesOf(address).includes(family))
    const isWhole = ({ address }: Allocation): boolean => address === anyIPv4 || address === anyIPv6
    const whole = dearest(own.filter(isWhole))
    const byAddress = Map.groupBy(
      own.filter((one) => !isWhole(one)),
      ({ address }) => address,
    )
    const single = [...byAddress.values()].flatMap(dearest)
    return total(single, worth) >= total(whole, worth) ? single : whole
  })
  const both = dearest(allocations.filter(({ address }) => address === anyAddress))
  return total(apart, worth) > total(both, worth) ? apart : both
}

/** The same where `localhost` is to mean one service: none that answers on the loopback of one family alone stays on one of the two sides. */
export function keepersOnOneSide(allocations: readonly Allocation[], worth: Worth): Allocation[] {
  const [four = [], six = []] = ([4, 6] as const).map((family) =>
    keepersOf(
      allocations.filter(({ address }) => !reachesLoopback(address) || familiesOf(address).includes(family)),
      worth,
    ),
  )
  return total(six, worth) > total(four, worth) ? six : four
}

function total(some: readonly Allocation[], worth: Worth): number {
  return some.reduce((sum, one) => sum + worth(one), 0)
}
