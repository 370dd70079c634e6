import type { Moment } from './moment.ts'

/**
 * What this machine saw, and when by a clock that does not jump: a claim that nobody used and nobody wants, or a session at a beat. The mark is the claim's fence
 * or the session's beat, so that whatever happens to either makes what was seen before worth nothing.
 */
export interface Sighting {
  readonly of: 'claim' | 'session'
  readonly id: string
  readonly mark: number
  readonly moment: Moment
}
