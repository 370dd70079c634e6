import { afterAll, expect, test } from 'bun:test'
import { closeSync, openSync } from 'node:fs'
import type { Board } from '../../src/operations/board.ts'
import { Person } from '../ports.fixture.ts'

// So many that a walk through them is worth a better way, see `src/machine/listeners/walk-all.ts`.
const files = Array.from({ length: 6000 }, () => openSync('/dev/null', 'r'))
const person = new Person()
const portable = new Person({ IZA_PORTS_NATIVE: '0' })
const children: Bun.Subprocess[] = []
afterAll(async () => {
  for (const file of files) closeSync(file)
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(children.map(({ exited }) => exited))
})

test('with thousands of open files nobody who listens is missed, whichever way they are looked for', async () => {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const other = Bun.listen({ hostname: '::1', port: 0, socket: { data() {} } })
  const datagrams = await Bun.udpSocket({ hostname: '127.0.0.1', port: 0 })
  const stdio = ['ignore', 'ignore', 'ignore', Number(Reflect.get(listener, 'fd'))] as const
  for (let count = 0; count < 3; count++) children.push(Bun.spawn(['sleep', '600'], { stdio: [...stdio] }))
  const own = [listener.port, other.port, datagrams.port]
  const strays = async (who: Person) =>
    (await who.json<Board>('status')).strays.filter(({ port }) => own.includes(port))
  const seen = await strays(person)
  const holdersOf = (port: number): number[] | undefined =>
    seen
      .find((stray) => stray.port === port)
      ?.holders.map(({ pid }) => pid)
      .toSorted((a, b) => a - b)
  const heirs = children.map(({ pid }) => pid)
  expect(holdersOf(listener.port)).toEqual([process.pid, ...heirs].toSorted((a, b) => a - b))
  expect(holdersOf(other.port)).toEqual([process.pid])
  expect(holdersOf(datagrams.port)).toEqual([process.pid])
  expect(await strays(portable)).toEqual(seen)
  for (const server of [listener, other]) server.stop(true)
  datagrams.close()
})
