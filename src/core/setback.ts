/** What the supervisor has to say of a service that is not simply up, for whoever asks later. The next start ends it. */
export interface Setback {
  readonly service: string
  readonly phase: SetbackPhase
  /** How often it ended by itself without having stood in between. */
  readonly ends: number
  /** What happened last, in words. */
  readonly why: string
  /** ISO 8601. */
  readonly at: string
}

export const setbackPhases = ['unhealthy', 'backing-off', 'failed'] as const
export type SetbackPhase = (typeof setbackPhases)[number]

/** The turn that whoever keeps services up has; no service can be called so. */
export const supervisorTurn = '\u0001supervisor'
