import { expect, test } from 'bun:test'
import { binary, Person, seed } from '../ports.fixture.ts'

/** What a terminal of so many columns gets to see of the board's services, without colours. What else listens here is of other tests. */
async function boardAt(person: Person, columns: number, more: Record<string, string> = {}): Promise<string[]> {
  let seen = ''
  const decoder = new TextDecoder()
  const child = Bun.spawn([binary], {
    env: { ...person.environment, TERM: 'xterm', ...more },
    terminal: {
      cols: columns,
      rows: 40,
      data: (_terminal, bytes) => void (seen += decoder.decode(bytes, { stream: true })),
    },
  })
  expect(await child.exited).toBe(0)
  child.terminal?.close()
  const lines = Bun.stripANSI(seen).split('\r\n')
  return lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('Strays') || line.startsWith('40 services')),
  )
}

test('at a terminal no line of the board is wider than it, and a wide one shows what a narrow one leaves out', async () => {
  const person = new Person()
  await person.ports('import', seed)
  const [narrow, wide] = [await boardAt(person, 60), await boardAt(person, 160)]
  const widest = (lines: readonly string[]): number => Math.max(...lines.map((line) => Bun.stringWidth(line)))
  expect(widest(narrow)).toBeLessThanOrEqual(60)
  expect(widest(wide)).toBeGreaterThan(60)
  expect(widest(wide)).toBeLessThanOrEqual(160)
  expect(await boardAt(person, 60, { IZA_PORTS_NATIVE: '0' })).toEqual(narrow)
  expect(await boardAt(person, 160, { COLUMNS: '60' })).toEqual(narrow)
})
