import { expect, test } from 'bun:test'
import { endEverythingAfterEach, isAlive, isBindable, kill, listen } from './peers.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

endEverythingAfterEach()

test('a server that needs 300 ms to finish is waited for', async () => {
  const port = freePort()
  const { pid } = await listen(port, { term: 300 })
  const answering = kill(port)
  expect(isBindable(port)).toBe(false)
  expect(await answering).toMatchObject({ code: 0, outcome: 'freed', forced: false })
  expect(isBindable(port)).toBe(true)
  expect(isAlive(pid)).toBe(false)
})

test('a server that ignores TERM is forced', async () => {
  const port = freePort()
  const { pid } = await listen(port, { term: 'ignored' })
  expect(await kill(port, '--timeout', '0.5')).toMatchObject({ code: 0, outcome: 'freed', forced: true })
  expect(isBindable(port)).toBe(true)
  expect(isAlive(pid)).toBe(false)
})

test('the port can be bound when the command returns, ten times of ten', async () => {
  const bindable: boolean[] = []
  for (let run = 0; run < 10; run++) {
    const port = freePort()
    await listen(port, { host: '::' })
    const { code } = await kill(port)
    bindable.push(code === 0 && isBindable(port))
  }
  expect(bindable).toEqual(Array.from({ length: 10 }, () => true))
})
