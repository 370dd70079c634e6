import { ago } from '../../core/process.ts'
import type { SetbackPhase } from '../../core/setback.ts'
import { printable, shorten } from '../../core/text.ts'
import type { Down } from '../../operations/down.ts'
import type { Edited } from '../../operations/edit.ts'
import type { Ps } from '../../operations/ps.ts'
import type { Up } from '../../operations/up.ts'
import type { Waited } from '../../operations/wait.ts'
import type { Screen } from '../terminal.ts'
import { table } from './table.ts'
import type { Cell } from './table.ts'

export function showUp({ services, unkept }: Up, screen: Screen): string {
  if (!services.length) return 'No service has a recipe yet. Write one with: ports edit NAME --command "..."\n'
  const rows = services.map(({ service, port, outcome, readyAfter, why }): Cell[] => [
    { text: service },
    { text: port === null ? '' : String(port) },
    {
      text: outcome === 'started' ? `up after ${((readyAfter ?? 0) / 1000).toFixed(2)} s` : outcome.replace('-', ' '),
      colour: outcome === 'failed' ? 'red' : outcome === 'skipped' ? 'yellow' : 'green',
    },
    { text: why?.split('\n')[0] ?? '' },
  ])
  const hints = services.flatMap(({ service, why, hint, outcome }) =>
    outcome === 'failed' && hint !== null
      ? [`${service}: ${hint}`, ...(why?.split('\n').slice(1) ?? [])].map(printable)
      : [],
  )
  const next = unkept === null ? [] : [unkeptWords[unkept]]
  return `${[...table(screen, rows, { indent: '' }), ...hints, ...next].join('\n')}\n`
}

const unkeptWords: Readonly<Record<NonNullable<Up['unkept']>, string>> = {
  'other-file': 'ports serve brings back only what has a recipe on this machine: ports import FILE',
  'no-supervisor': 'Nobody brings back what ends. Keep it up: ports serve',
}

export function showDown({ services }: Down, screen: Screen): string {
  if (!services.length) return 'Nothing of ours runs.\n'
  const rows = services.map(({ service, port, outcome, ended, forced }): Cell[] => [
    { text: service },
    { text: port === null ? '' : String(port) },
    { text: outcome === 'ended' ? (forced ? 'was forced to end' : 'ended') : 'did not run' },
    { text: ended.length ? `pid ${ended.join(', ')}` : '', colour: 'dim' },
  ])
  return `${table(screen, rows, { indent: '' }).join('\n')}\n`
}

export function showPs({ services, supervisor }: Ps, screen: Screen): string {
  if (!services.length) return 'Nothing was started by us yet. Start something: ports start NAME PORT "command"\n'
  const rows = services.map(
    ({ service, port, state, wanted, setback, pids, startedAt, endedAt, code, signal, command }): Cell[] => {
      const since = state === 'running' ? startedAt : endedAt
      const end = signal !== null ? `signal ${signal}` : code !== null ? `exit code ${code}` : ''
      return [
        { text: service },
        { text: port === null ? '' : String(port) },
        {
          text: stateOf(state, wanted, setback?.phase ?? null),
          colour: setback ? 'red' : state === 'running' ? 'green' : wanted ? 'red' : 'dim',
        },
        {
          text: [since === null ? '' : ago(Date.now() - Date.parse(since)), setback?.why ?? end]
            .filter(Boolean)
            .join(', '),
        },
        { text: pids.length ? `pid ${pids[0]}` : '', colour: 'dim' },
        { text: shorten(command, 60), colour: 'dim' },
      ]
    },
  )
  const down = services.filter(({ wanted, state }) => wanted && state !== 'running').length
  const hint = down && supervisor === null ? ['Nobody brings back what is down. Keep it up: ports serve'] : []
  return `${[...table(screen, rows, { indent: '' }), ...hint].join('\n')}\n`
}

function stateOf(state: Ps['services'][number]['state'], wanted: boolean, phase: SetbackPhase | null): string {
  if (phase === 'failed') return 'failed'
  if (state === 'running') return phase === 'unhealthy' ? 'unhealthy' : 'running'
  if (phase === 'backing-off') return 'backing off'
  return state === 'ended' ? (wanted ? 'down' : 'ended') : 'never started'
}

export function showWait({ port, for: wanted, reached, after, holder }: Waited): string {
  const seconds = `${(after / 1000).toFixed(2)} s`
  if (!reached) {
    const now = holder === null ? 'nobody listens there' : `${holder} has it`
    return printable(`${port} was not ${wanted} within ${seconds}: ${now}.`) + '\n'
  }
  return (
    printable(`${port} is ${wanted} after ${seconds}${wanted === 'free' || holder === null ? '' : `: ${holder}`}.`) +
    '\n'
  )
}

export function showEdit({ service, file, changed, entries }: Edited): string {
  const set = Object.entries(entries).filter(([, value]) => !isNothing(value))
  const rows = set.map(([key, value]) => `  ${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [`${service} ${changed ? 'is kept in' : 'stays as it is in'} ${file}`, ...rows]
    .map((line) => `${printable(line)}\n`)
    .join('')
}

function isNothing(value: unknown): boolean {
  return value === null || JSON.stringify(value) === '[]' || JSON.stringify(value) === '{}'
}
