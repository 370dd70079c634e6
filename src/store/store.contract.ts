import { describe, expect, test } from 'bun:test'
import { describeAdopting } from './contract/adopting.ts'
import { commit, problemOf, putService } from './contract/changes.ts'
import { describeCommitting } from './contract/committing.ts'
import { describeEverywhere } from './contract/everywhere.ts'
import { onFresh } from './contract/fresh.ts'
import type { MakeFresh } from './contract/fresh.ts'
import { describeOverlapping } from './contract/overlapping.ts'
import { describePlacing } from './contract/placing.ts'
import { describeRacing } from './contract/racing.ts'
import { describeReading } from './contract/reading.ts'
import { describeUndoing } from './contract/undoing.ts'
import { describeSessions } from './contract/sessions.ts'
import { describeStanding } from './contract/standing.ts'
import { describeWatching } from './contract/watching.ts'

/** What every registry store keeps, whatever it is made of. A new one calls this in `store.test.ts` and passes it unchanged. */
export function describeStore(name: string, makeFresh: MakeFresh): void {
  describe(name, () => {
    describe('committing', () => describeCommitting(makeFresh))
    describe('placing', () => describePlacing(makeFresh))
    describe('overlapping', () => describeOverlapping(makeFresh))
    describe('reading', () => describeReading(makeFresh))
    describe('watching', () => describeWatching(makeFresh))
    describe('undoing', () => describeUndoing(makeFresh))
    describe('on every host', () => describeEverywhere(makeFresh))
    describe('adopting', () => describeAdopting(makeFresh))
    describe('racing', () => describeRacing(makeFresh))
    describe('sessions', () => describeSessions(makeFresh))
    describe('standing', () => describeStanding(makeFresh))

    test('is unavailable once it was closed', () =>
      onFresh(makeFresh, async (store) => {
        await commit(store, putService('A'))
        await store.close()
        expect((await problemOf(store.read())).code).toBe('unavailable')
        expect((await problemOf(commit(store, putService('B')))).code).toBe('unavailable')
      }))
  })
}
