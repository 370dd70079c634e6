import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { atRest, pauseAfter, supervise, wakeAt } from './supervise.ts'
import type { Supervised, SuperviseAct, SuperviseEvent, SupervisePolicy } from './supervise.ts'

const always: SupervisePolicy = { restart: 'always', readyWithin: 30_000 }
const crash: SuperviseEvent = { kind: 'ended', ending: { code: 1, signal: null } }
const clean: SuperviseEvent = { kind: 'ended', ending: { code: 0, signal: null } }

/** Events in words, each with what follows it: `ready 5000` is that event five seconds after the one before. */
function play(
  policy: SupervisePolicy,
  ...steps: (SuperviseEvent | number)[]
): { state: Supervised; acts: SuperviseAct[] } {
  let state = atRest
  let now = 1_000
  const acts: SuperviseAct[] = []
  for (const step of steps) {
    if (typeof step === 'number') {
      now += step
      continue
    }
    const next = supervise(state, step, policy, now)
    state = next.state
    acts.push(next.act)
  }
  return { state, acts }
}

const wanted: SuperviseEvent = { kind: 'wanted' }
const began: SuperviseEvent = { kind: 'began' }
const ready: SuperviseEvent = { kind: 'became-ready' }
const time: SuperviseEvent = { kind: 'time' }
const bad: SuperviseEvent = { kind: 'checked', good: false }

test('what is wanted is started, and comes back a moment after it ended', () => {
  const { state, acts } = play(always, wanted, began, ready, 1_000, crash, 100, time, 150, time)
  expect(acts).toEqual(['start', null, null, null, null, 'start'])
  expect(state.phase).toBe('starting')
})

test('each end without a stand between doubles the pause, up to a minute', () => {
  expect([1, 2, 3, 4].map(pauseAfter)).toEqual([250, 500, 1_000, 2_000])
  expect(pauseAfter(40)).toBe(60_000)
})

test('eight ends in a row are a crash loop, which only a person ends', () => {
  const steps: (SuperviseEvent | number)[] = [wanted]
  for (let end = 0; end < 8; end++) steps.push(began, ready, 500, crash, 60_000, time)
  const { state } = play(always, ...steps)
  expect([state.phase, state.wanted, state.ends.length]).toEqual(['failed', true, 8])
  expect(supervise(state, time, always, 1e9).act).toBeNull()
  expect(supervise(state, wanted, always, 1e9)).toMatchObject({ act: 'start', state: { ends: [] } })
})

test('a run that stood for a minute clears the ends before it', () => {
  const { state } = play(always, wanted, began, ready, crash, 250, time, began, ready, 60_000, crash)
  expect(state.ends).toHaveLength(1)
})

test('a clean end is the end where only failures bring it back, and a failure is not', () => {
  const onFailure: SupervisePolicy = { ...always, restart: 'on-failure' }
  expect(play(onFailure, wanted, began, ready, clean).state).toMatchObject({ phase: 'stopped', wanted: false })
  expect(play(onFailure, wanted, began, ready, crash).state.phase).toBe('backing-off')
  expect(play({ ...always, restart: 'no' }, wanted, began, ready, crash).state.phase).toBe('failed')
})

test('three bad checks in a row end a run, one in between good ones does not', () => {
  const good: SuperviseEvent = { kind: 'checked', good: true }
  expect(play(always, wanted, began, ready, bad, bad, good, bad, bad).state.phase).toBe('ready')
  const { state, acts } = play(always, wanted, began, ready, bad, bad, bad)
  expect([state.phase, acts.at(-1)]).toEqual(['unhealthy', 'stop'])
  // It is ended once, however long that takes, and its code 0 is no clean end.
  expect(supervise(state, bad, always, 9_000).act).toBeNull()
  expect(supervise(state, clean, { ...always, restart: 'on-failure' }, 9_000).state.phase).toBe('backing-off')
})

test('a start that takes too long is ended', () => {
  const { state } = play(always, wanted, began)
  expect(wakeAt(state, always)).toBe(31_000)
  expect(supervise(state, time, always, 30_999).act).toBeNull()
  expect(supervise(state, time, always, 31_000)).toMatchObject({ act: 'stop', state: { phase: 'unhealthy' } })
})

test('whatever happens, nothing is started that runs, and nothing unwanted is started at all', () => {
  const event = fc.constantFrom<SuperviseEvent>(wanted, { kind: 'unwanted' }, ready, bad, crash, clean, time)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(event, fc.nat(70_000))),
      fc.constantFrom('no', 'on-failure', 'always'),
      (history, restart) => {
        const policy = { ...always, restart } as SupervisePolicy
        let state = atRest
        let runs = false
        let now = 0
        for (const [happened, later] of history) {
          now += later
          // Only what runs can end, become ready or be checked.
          if (!runs && (happened.kind === 'ended' || happened.kind === 'became-ready' || happened.kind === 'checked'))
            continue
          if (happened.kind === 'ended') runs = false
          const next = supervise(state, happened, policy, now)
          state = next.state
          if (next.act === 'start') {
            expect(runs).toBe(false)
            expect(state.wanted).toBe(true)
            runs = true
            state = supervise(state, began, policy, now).state
          }
          if (state.phase === 'stopped' || state.phase === 'backing-off' || state.phase === 'failed')
            expect(runs).toBe(false)
          if (runs) expect(['starting', 'ready', 'unhealthy', 'stopping']).toContain(state.phase)
        }
      },
    ),
  )
})
