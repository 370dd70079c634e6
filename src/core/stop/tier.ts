/** What has to be said before something is done: nothing, yes, or that it is to be forced. */
export const tiers = ['safe', 'warn', 'block'] as const
export type Tier = (typeof tiers)[number]

/** The worst of them; `safe` where there is none. */
export function worstTier(all: readonly { readonly tier: Tier }[]): Tier {
  return tiers[Math.max(0, ...all.map(({ tier }) => tiers.indexOf(tier)))] ?? 'safe'
}

/** Sorts the worst first. */
export function worstFirst(a: { readonly tier: Tier }, b: { readonly tier: Tier }): number {
  return tiers.indexOf(b.tier) - tiers.indexOf(a.tier)
}
