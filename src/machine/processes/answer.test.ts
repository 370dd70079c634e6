import { expect, test } from 'bun:test'
import { answerOf } from './answer.ts'

const environment = { PATH: process.env.PATH ?? '' }
const question = { cwd: '/', environment, input: undefined, within: 60_000, signal: new AbortController().signal }

test('gives what a program wrote to both outputs, and its code', async () => {
  const command = ['sh', '-c', 'cat; echo no >&2; exit 3'] as const
  expect(await answerOf({ ...question, command: [...command], input: 'yes' })).toEqual({
    code: 3,
    out: 'yes',
    said: 'no\n',
  })
})

test('a program that is not there is no error', async () => {
  expect(await answerOf({ ...question, command: ['iza-ports-no-such-program'] })).toBeNull()
})

test('a program that does not end is ended, by its time or by a signal', async () => {
  const late = await answerOf({ ...question, command: ['sleep', '600'], within: 100 })
  expect(late?.code).toBeNull()
  const controller = new AbortController()
  const asked = answerOf({ ...question, command: ['sleep', '600'], signal: controller.signal })
  controller.abort()
  expect((await asked)?.code).toBeNull()
})
