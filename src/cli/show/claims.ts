import { everyHost } from '../../core/host.ts'
import { ago } from '../../core/process.ts'
import { count, printable } from '../../core/text.ts'
import { envLines } from '../../formats/env-block.ts'
import type { Claim } from '../../operations/claim.ts'
import type { Claims } from '../../operations/claims.ts'
import type { Garbage } from '../../operations/gc.ts'
import type { Env } from '../../operations/env.ts'
import type { Screen } from '../terminal.ts'
import { holderLine } from './holder.ts'
import { table } from './table.ts'

/** Standard output of a claim is for scripts: the number alone, or variables. */
export function showClaimed({ claims, format, excluded }: Claim): string {
  const why = explain(excluded)
  if (format === 'json') return `${JSON.stringify(Object.fromEntries(claims.map(({ name, port }) => [name, port])))}\n`
  if (format === 'port') return why + claims.map(({ port }) => `${port}\n`).join('')
  return why + envLines(claims, format === 'shell')
}

/** Why ports were passed over, a comment line each; neighbours with the same reason in one. */
function explain(excluded: Claim['excluded']): string {
  const blocks: { from: number; to: number; reason: string }[] = []
  for (const { port, why, by } of excluded) {
    const reason = by === null ? why : `${why} (${by})`
    const last = blocks.at(-1)
    if (last && last.to === port - 1 && last.reason === reason) last.to = port
    else blocks.push({ from: port, to: port, reason })
  }
  return blocks
    .map(({ from, to, reason }) => `# ${from === to ? from : `${from}-${to}`}: ${printable(reason)}\n`)
    .join('')
}

export function showClaims({ claims, host, looked }: Claims, screen: Screen): string {
  if (!claims.length) return 'Nothing is claimed. Claim a port with: ports claim web\n'
  const rows = claims.map(({ port, protocol, service, since, expired, expires, standing, holders, host: where }) => [
    { text: `${port}${protocol === 'udp' ? '/udp' : ''}` },
    { text: where === everyHost ? `${service} (on every host)` : service },
    { text: `claimed ${ago(Date.now() - Date.parse(since))}` },
    { text: standing === 'held' ? until(expires, expired) : standing },
    { text: holders.map(holderLine).join(', ') },
  ])
  const unseen = looked ? [] : [printable(`Who listens on ${host} cannot be seen from here.`)]
  return `${[...table(screen, rows, { indent: '' }), ...unseen].join('\n')}\n`
}

export function showEnv({ text, file, changed, foreign, claims }: Env): string {
  if (file === null) return text
  const lines = [
    `${file} ${changed ? 'holds' : 'held already'} ${count(claims.length, 'port')} of this workspace.`,
    ...foreign.map(
      ({ variable, port, line, service }) =>
        `Line ${line}: ${variable}=${port} is the port of ${service}. Remove it, or claim it here under that name.`,
    ),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

const reasons: Readonly<Record<Garbage['claims'][number]['why'], string>> = {
  'workspace-gone': 'its workspace is gone',
  expired: 'its time is over',
  'session-lost': 'what held it is gone',
  unused: 'nobody uses it',
}

export function showGarbage({ claims }: Garbage): string {
  if (!claims.length) return 'Every claim is in use or still wanted.\n'
  const lines = claims.map((claim) => {
    const standing = claim.standing === 'held' ? '' : `, ${claim.standing}`
    return `${claim.port}  ${claim.service}: ${reasons[claim.why]}${standing}; ${stateOf(claim)}`
  })
  const of = (outcome: Garbage['claims'][number]['outcome']): number =>
    claims.filter((claim) => claim.outcome === outcome).length
  const next = [
    of('freed') ? `${count(of('freed'), 'claim')} freed.` : null,
    of('could-be-freed') ? `Free ${of('could-be-freed') === 1 ? 'it' : 'them'} with: ports gc --yes` : null,
    of('waits')
      ? "Nothing is freed before it was seen unused three times, minutes apart; 'ports release --id ID' is for what you know yourself."
      : null,
  ]
  return [...lines, ...next.filter((line) => line !== null)].map((line) => `${printable(line)}\n`).join('')
}

function stateOf({ outcome, used, seen, needed }: Garbage['claims'][number]): string {
  if (outcome === 'freed') return 'freed'
  if (used) return 'somebody is there, so it stays'
  return `seen unused ${seen} of ${needed} times`
}

function until(expires: string | null, expired: boolean): string {
  if (expired) return 'its time is over'
  return expires === null ? '' : `until ${expires.slice(0, 16).replace('T', ' ')}`
}
