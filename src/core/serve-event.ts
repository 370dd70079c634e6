import type { Ending } from './process.ts'

/** What whoever keeps services up tells while it does: one thing that happened to one service. */
export type ServeEvent = { readonly at: string; readonly service: string } & (
  | { readonly kind: 'started' | 'adopted'; readonly port: number; readonly pid: number }
  | { readonly kind: 'ready'; readonly port: number; readonly pid: number }
  /** `why` where more is known than the ending: it never listened, its port is taken. */
  | { readonly kind: 'ended'; readonly ending: Ending; readonly why: string | null }
  | { readonly kind: 'backing-off'; readonly milliseconds: number; readonly ends: number }
  | { readonly kind: 'failed'; readonly ends: number; readonly why: string }
  | { readonly kind: 'unhealthy'; readonly why: string }
  | { readonly kind: 'healthy' }
  /** Nobody wants it any more. */
  | { readonly kind: 'let-go' }
)

/** An event without when it was and whom it is about, which whoever tells it knows. */
export type ServeNews = ServeEvent extends infer Event
  ? Event extends ServeEvent
    ? Omit<Event, 'at' | 'service'>
    : never
  : never

/** How a run ended, in words. */
export function describeEnding({ code, signal }: Ending): string {
  if (signal !== null) return `ended by signal ${signal}`
  return code === null ? 'ended while nobody saw how' : `ended with exit code ${code}`
}
