import { expect, test } from 'bun:test'
import type { Board, BoardService } from '../../operations/board.ts'
import { Drawing } from './draw.ts'
import { keysOf } from './keys.ts'
import { afterKey, afterLook, firstModel, shownRows } from './model.ts'
import type { Model } from './model.ts'
import { pageOf, render } from './render.ts'
import type { Line, Size } from './render.ts'

function service(name: string, port: number, verdict: BoardService['verdict'], command?: string): BoardService {
  const holder = { pid: 4242, cwd: '/shop', user: 'me', startedAt: null }
  const holders = command === undefined ? [] : [{ ...holder, command }]
  const place = {
    host: 'box',
    port,
    protocol: 'tcp',
    address: '*',
    range: null,
    description: '',
    resolved: false,
  } as const
  return { name, ...place, verdict, holders, unit: null, container: null, findings: [], worst: null }
}

function board(services: BoardService[], strays: Board['strays'] = []): Board {
  const count = (wanted: string): number => services.filter(({ verdict }) => verdict === wanted).length
  const verdicts = ['active', 'reserved', 'unverified', 'taken', 'silent'] as const
  const each = Object.fromEntries(verdicts.map((verdict) => [verdict, count(verdict)])) as Record<
    (typeof verdicts)[number],
    number
  >
  const totals = { services: services.length, strays: strays.length, findings: 0, ...each }
  return {
    host: 'box',
    looked: true,
    at: '',
    revision: 1,
    ranges: [],
    services,
    strays,
    hidden: 0,
    unanswered: [],
    totals,
  }
}

const shop = [service('Shop', 3000, 'active', 'node server.js'), service('API', 3001, 'reserved')]
const model = afterLook(firstModel, board(shop), [])
const wide: Size = { columns: 60, rows: 10 }
const text = (lines: readonly Line[]): string[] =>
  lines.map(({ cells }) =>
    cells
      .map((cell) => cell.text)
      .join('')
      .trimEnd(),
  )
const press = (from: Model, ...keys: string[]): Model => keys.reduce((now, key) => afterKey(now, key, 5).model, from)

test('shows every service by its port, what is meant, and how to go on', () => {
  expect(text(render(model, wide))).toEqual([
    '1 active · 1 reserved · 0 strays · 0 findings',
    '3000  Shop  active    node server.js (4242)',
    '3001  API   reserved',
    ...Array.from({ length: 6 }, () => ''),
    '? keys  q quit',
  ])
  expect(
    render(model, wide)
      .map(({ selected }) => selected === true)
      .indexOf(true),
  ).toBe(1)
})

test('a terminal of 20 columns shows port and name, and no line is wider', () => {
  const named = board([
    service('A very long name of a service', 65_535, 'taken', 'x'.repeat(500)),
    service('数据库服务数据库服务', 80, 'active'),
  ])
  for (const columns of [20, 12, 3, 1]) {
    const lines = text(render(afterLook(firstModel, named, []), { columns, rows: 6 }))
    expect(lines).toHaveLength(6)
    for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns)
  }
  const [, first, second] = text(render(afterLook(firstModel, named, []), { columns: 20, rows: 6 }))
  expect(first).toMatch(/^80 +数据库/)
  expect(second).toMatch(/^65535 +A very/)
})

test('nothing from outside steers the terminal', () => {
  const evil = board([service('\u001b[2JShop', 3000, 'active', 'x\u001b]0;owned\u0007\n')])
  const shown = render(afterLook(firstModel, evil, ['\u009b2J']), { columns: 200, rows: 20 })
  expect(text(shown).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
})

test('keeps the chosen row where it goes, and within what is shown', () => {
  const chosen = press(model, 'down')
  const more = afterLook(chosen, board([service('New', 80, 'reserved'), ...shop]), [])
  expect(shownRows(more)[more.selected]?.service).toBe('API')
  expect(press(model, 'page-down', 'down').selected).toBe(1)
  expect(press(model, 'end', 'home', 'up').selected).toBe(0)
  const many = afterLook(
    firstModel,
    board(Array.from({ length: 300 }, (_, at) => service(`S${at}`, 1000 + at, 'reserved'))),
    [],
  )
  const screen = render(press(many, 'end'), wide)
  expect(text(screen).join('\n')).toContain('S299')
  expect(pageOf(wide)).toBe(8)
})

test('filters while words are typed', () => {
  const typed = press(model, '/', 'a', 'p', 'x', 'backspace')
  expect(shownRows(typed).map((row) => row.service)).toEqual(['API'])
  expect(text(render(typed, wide))[0]).toStartWith('/ap ')
  expect(shownRows(press(typed, 'enter', 'escape'))).toHaveLength(2)
  expect(shownRows(press(model, '/', '4', '2', 'n')).length).toBe(0)
})

test('ends nothing before the plan was shown and yes was said', () => {
  expect(afterKey(model, 'x', 5).action).toMatchObject({ kind: 'plan-kill', row: { port: 3000 } })
  const asked = press(model, 't')
  expect(asked.mode).toMatchObject({ kind: 'ask', action: { kind: 'stop', service: 'Shop' } })
  for (const key of ['n', 'escape', 'enter', ' ', 't']) expect(afterKey(asked, key, 5).action).toBeUndefined()
  expect(afterKey(asked, 'y', 5).action).toEqual({ kind: 'stop', service: 'Shop' })
  expect(afterKey(asked, 'interrupt', 5).action).toEqual({ kind: 'quit' })
})

test('says so where a stray has no service to start', () => {
  const stray = { port: 9000, protocol: 'tcp', address: '::1', user: 'root', unit: null, container: null } as const
  const alone = afterLook(firstModel, board([], [{ ...stray, holders: [] }]), [])
  expect(text(render(alone, { columns: 90, rows: 5 }))[1]).toBe(
    '9000  ::1  stray  a process of root, not visible to you',
  )
  expect(afterKey(alone, 's', 5)).toMatchObject({ model: { message: 'no service is registered on 9000' } })
})

test('reads keys, several at once, and nothing from what it does not know', () => {
  expect(keysOf('\u001b[A\u001b[B/é\u007f\r\u0003q')).toEqual([
    'up',
    'down',
    '/',
    'é',
    'backspace',
    'enter',
    'interrupt',
    'q',
  ])
  expect(keysOf('\u001b[200~y\u001b[1;5C')).toEqual(['y'])
  expect(keysOf('\u001b')).toEqual(['escape'])
})

test('sends only lines that have changed, and nothing where none has', () => {
  const drawing = new Drawing({ terminal: true, colour: false, columns: 60 })
  expect(drawing.frame(render(model, wide), wide)).toContain('\u001b[2J')
  expect(drawing.frame(render(model, wide), wide)).toBe('')
  const moved = drawing.frame(render(press(model, 'down'), wide), wide)
  expect([...moved.matchAll(/\u001b\[(\d+);1H/g)].map(([, line]) => line)).toEqual(['2', '3'])
  expect(moved).not.toContain('\u001b[2J')
  expect(drawing.frame(render(model, { columns: 20, rows: 10 }), { columns: 20, rows: 10 })).toContain('\u001b[2J')
})
