import type { Board, ShownHolder } from '../../operations/board.ts'
import type { Protocol } from '../../core/port.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { Key } from './keys.ts'

/** One line of the live board: a service, or a stray. */
export interface Row {
  readonly port: number
  readonly protocol: Protocol
  readonly address: string
  /** Null for a stray. */
  readonly service: string | null
  /** Null where nobody looked. */
  readonly verdict: Verdict | 'stray' | null
  readonly holders: readonly ShownHolder[]
  readonly user: string | null
}

/** What a person asked for that is not done by looking. */
export type Action =
  | { readonly kind: 'plan-kill'; readonly row: Row }
  | { readonly kind: 'kill'; readonly row: Row; readonly plan: string }
  | { readonly kind: 'start' | 'stop' | 'logs'; readonly service: string }
  | { readonly kind: 'open'; readonly row: Row }
  | { readonly kind: 'quit' }

export interface Model {
  readonly rows: readonly Row[]
  readonly totals: Board['totals'] | null
  /** The latest events, the latest last. */
  readonly events: readonly string[]
  readonly filter: string
  /** Which of the shown rows is meant. */
  readonly selected: number
  /** `page`: something to read, that any key closes. `ask`: the plan, which only `y` carries out. */
  readonly mode:
    | { readonly kind: 'board' | 'filter' | 'help' }
    | { readonly kind: 'page'; readonly lines: readonly string[] }
    | { readonly kind: 'ask'; readonly lines: readonly string[]; readonly action: Action }
  /** What happened with the last action. */
  readonly message: string
}

export const firstModel: Model = {
  rows: [],
  totals: null,
  events: [],
  filter: '',
  selected: 0,
  mode: { kind: 'board' },
  message: 'looking',
}

const mostEvents = 100

/** The model after another look. The row that was meant stays meant, wherever it stands now. */
export function afterLook(model: Model, board: Board, events: readonly string[]): Model {
  const meant = shownRows(model)[model.selected]
  const message = model.totals ? model.message : ''
  const next = {
    ...model,
    message,
    rows: rowsOf(board),
    totals: board.totals,
    events: [...model.events, ...events].slice(-mostEvents),
  }
  const found = meant ? shownRows(next).findIndex((row) => isSame(row, meant)) : -1
  return withSelected(next, found < 0 ? model.selected : found)
}

/** The rows that the filter lets through: each word of it has to stand somewhere in the row. */
export function shownRows({ rows, filter }: Pick<Model, 'rows' | 'filter'>): readonly Row[] {
  const words = filter.toLowerCase().split(' ').filter(Boolean)
  if (!words.length) return rows
  return rows.filter((row) => {
    const text = [
      row.port,
      row.protocol,
      row.service,
      row.verdict,
      row.address,
      ...row.holders.map(({ command }) => command),
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The model after a key, and what has to be done. `page` is how many rows a page has. */
export function afterKey(model: Model, key: Key, page: number): { readonly model: Model; readonly action?: Action } {
  if (key === 'interrupt') return { model, action: { kind: 'quit' } }
  const board: Model = { ...model, mode: { kind: 'board' }, message: '' }
  switch (model.mode.kind) {
    case 'help':
    case 'page':
      return { model: board }
    case 'ask':
      if (key === 'y') return { model: { ...board, message: 'working' }, action: model.mode.action }
      return { model: { ...board, message: 'nothing was done' } }
    case 'filter':
      return { model: typing(model, board, key) }
    case 'board':
      return onBoard(board, key, page)
  }
}

function typing(model: Model, board: Model, key: Key): Model {
  if (key === 'enter') return withSelected(board, 0)
  if (key === 'escape') return withSelected({ ...board, filter: '' }, 0)
  const filter =
    key === 'backspace' ? Array.from(model.filter).slice(0, -1).join('') : model.filter + (isCharacter(key) ? key : '')
  return withSelected({ ...model, filter }, 0)
}

function isCharacter(key: Key): boolean {
  return Array.from(key).length === 1
}

function onBoard(model: Model, key: Key, page: number): { model: Model; action?: Action } {
  const moves: Readonly<Record<string, number>> = {
    up: -1,
    down: 1,
    'page-up': -page,
    'page-down': page,
    home: -Infinity,
    end: Infinity,
  }
  const move = moves[key]
  if (move !== undefined) return { model: withSelected(model, model.selected + move) }
  if (key === 'q') return { model, action: { kind: 'quit' } }
  if (key === '/') return { model: { ...model, mode: { kind: 'filter' } } }
  if (key === '?') return { model: { ...model, mode: { kind: 'help' } } }
  if (key === 'escape') return { model: withSelected({ ...model, filter: '' }, 0) }
  const row = shownRows(model)[model.selected]
  return row ? onRow(model, key, row) : { model }
}

const serviceKeys: Readonly<Record<string, 'start' | 'stop' | 'logs'>> = { s: 'start', t: 'stop', l: 'logs' }

function onRow(model: Model, key: Key, row: Row): { model: Model; action?: Action } {
  const working = { ...model, message: 'working' }
  if (key === 'x') return { model: working, action: { kind: 'plan-kill', row } }
  if (key === 'o') {
    if (row.protocol === 'udp') return { model: { ...model, message: 'a browser cannot open a UDP port' } }
    return { model: working, action: { kind: 'open', row } }
  }
  const kind = serviceKeys[key]
  if (!kind) return { model }
  const { service } = row
  if (service === null) return { model: { ...model, message: `no service is registered on ${row.port}` } }
  if (kind !== 'stop') return { model: working, action: { kind, service } }
  const lines = [`Stop ${service} on ${row.port}: its run, with all of its processes.`]
  return { model: { ...model, mode: { kind: 'ask', lines, action: { kind, service } } } }
}

function withSelected(model: Model, wanted: number): Model {
  return { ...model, selected: Math.max(0, Math.min(wanted, shownRows(model).length - 1)) }
}

function isSame(a: Row, b: Row): boolean {
  return a.port === b.port && a.protocol === b.protocol && a.address === b.address && a.service === b.service
}

function rowsOf({ services, strays }: Board): Row[] {
  const rows = [
    ...services.map(({ name, ...service }): Row => ({ ...service, service: name, user: null })),
    ...strays.map((stray): Row => ({ ...stray, service: null, verdict: 'stray' })),
  ]
  return rows.toSorted((a, b) => a.port - b.port)
}
