/**
 * Who may listen beside whom on one port, as it was measured (rows first, columns second; both with SO_REUSEADDR). `*` is the IPv6 socket
 * that takes IPv4 as well. It stands here a second time, apart from `overlaps`, so that the two cannot be wrong together.
 */
export const addresses = ['*', '0.0.0.0', '127.0.0.1', '127.0.0.2', '::', '::1'] as const

const beside: Record<(typeof addresses)[number], readonly boolean[]> = {
  '*': [false, false, false, false, false, false],
  '0.0.0.0': [false, false, false, false, true, true],
  '127.0.0.1': [false, false, false, true, true, true],
  '127.0.0.2': [false, false, true, false, true, true],
  '::': [false, true, true, true, false, false],
  '::1': [false, true, true, true, false, false],
}

export function mayBeBeside(a: string, b: string): boolean {
  const row = addresses.find((address) => address === a)
  const column = addresses.findIndex((address) => address === b)
  const answer = row && beside[row][column]
  if (answer === undefined) throw new Error(`the matrix does not know ${a} or ${b}`)
  return answer
}
