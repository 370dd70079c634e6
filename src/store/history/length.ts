/** Whether this is the long run that reaches the figures of docs/reliability.md (`npm run reliability`), and not the short one of `npm test`. */
const isLong = process.env.IZA_PORTS_RELIABILITY === 'long'

/** How often something is done in the short run and in the long one. */
export function times(short: number, long: number): number {
  return isLong ? long : short
}
