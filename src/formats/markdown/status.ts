import type { Declared } from '../../core/service.ts'

/** What a status cell declares. The words decide: emoji and arrows are decoration, and often broken. */
export function readStatus(text: string): Declared {
  if (
    /\b(?:reserved|planned|stopped|down|off|disabled)\b|\b(?:not|non|in)[\s-]+(?:active|running|in use)\b/i.test(text)
  )
    return 'reserved'
  return /\b(?:active|running|up|live|online|in use)\b/i.test(text) ? 'active' : 'reserved'
}
