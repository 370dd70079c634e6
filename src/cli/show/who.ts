import { count, list, printable, shorten } from '../../core/text.ts'
import type { Who } from '../../operations/who.ts'
import { paint } from '../terminal.ts'
import type { Screen } from '../terminal.ts'
import { fullHolderLines } from './full-holder.ts'
import { containerLine, engineLine, holdersLine } from './holder.ts'
import { beginWords, endWords, ownerWords } from './owner.ts'
import { table } from './table.ts'
import type { Cell } from './table.ts'

type Story = Who['ports'][number]

export function showWho({ ports, host, looked }: Who, screen: Screen): string {
  // Of another host only the promises are known: nobody may take what was not looked at for what is not there.
  const nobody = looked ? 'Nobody listens there.' : `Who listens on ${printable(host)} cannot be seen from here.`
  return ports.map((story) => `${showStory(story, nobody, screen).join('\n')}\n`).join('\n')
}

function showStory(story: Story, nobody: string, screen: Screen): string[] {
  const lines = (...texts: readonly string[]): string[] => texts.map(printable)
  const owners = story.allocations.map((allocation) => allocationLine(story.port, allocation))
  const listening = table(
    screen,
    story.listeners.map((one) => [
      { text: one.protocol },
      { text: `${bracketed(one.address)}:${story.port}` },
      {
        text: [reach[one.exposure], one.v6only ? 'IPv6 only' : '', one.shared > 1 ? `shared by ${one.shared}` : '']
          .filter(Boolean)
          .join(', '),
      },
      { text: holdersLine(one, one.user) },
    ]),
  )
  const section = (title: string, body: readonly string[]): string[] =>
    body.length ? [paint(screen, 'bold', title), ...body] : []
  return [
    ...lines(...(owners.length ? owners : [`${story.port} belongs to no service.`])),
    ...(listening.length ? section('Listening', listening) : [nobody]),
    ...section('Held by', lines(...story.holders.flatMap(fullHolderLines).map(indent))),
    ...section('Published for', lines(...story.containers.map(publishedLine).map(indent))),
    ...section('Connected now', lines(...clientLines(story).map(indent))),
    ...section('Heard', lines(...(story.heard ?? []).map(heardLine).map(indent))),
    ...section(
      'Last owners',
      table(
        screen,
        story.lastOwners.map((owner) => ownerRow(owner, story)),
        { kept: 3 },
      ),
    ),
    ...section('Mind', lines(...mindLines(story).map(indent))),
    ...section(
      'Next',
      table(
        screen,
        story.next.map(({ what, command }) => [{ text: command }, { text: what, colour: 'dim' }]),
      ),
    ),
  ]
}

const indent = (line: string): string => `  ${line}`

const reach: Readonly<Record<Story['listeners'][number]['exposure'], string>> = {
  loopback: 'this machine only',
  network: 'one network',
  everywhere: 'every network',
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

const evidence: Readonly<Record<NonNullable<Story['allocations'][number]['by']>, string>> = {
  run: 'we started it',
  marker: 'its environment says so',
  container: 'its engine says so',
  unit: 'its systemd service says so',
  command: 'its command says so',
  handshake: 'it answers so',
}

function allocationLine(port: number, allocation: Story['allocations'][number]): string {
  const { service, range, description, verdict, by, evidence: decided, protocol, address } = allocation
  const place = [protocol === 'udp' ? 'udp' : '', address === '*' ? '' : address].filter(Boolean).join(' at ')
  const about = [range, description].filter(Boolean).join(': ')
  const who = [decided?.name, decided?.pid && `pid ${decided.pid}`].filter(Boolean).join(', ')
  const because = by ? `, ${evidence[by]}${who ? ` (${who})` : ''}` : ''
  return `${port}${place ? ` (${place})` : ''} belongs to ${service}${about ? ` (${about})` : ''}${verdict ? `: ${verdict}` : ''}${because}.`
}

/** One whose end nobody saw is still there only where a listener of now is theirs. */
function ownerRow(owner: Story['lastOwners'][number], { listeners }: Story): Cell[] {
  const { address, protocol, pid, user, until } = owner
  const here = listeners.some(
    (one) =>
      one.protocol === protocol &&
      one.address === address &&
      (pid === null ? one.user === user : one.holders.some((holder) => holder.pid === pid)),
  )
  return [
    { text: owner.flapping ? '!' : ' ', colour: 'red' },
    { text: beginWords(owner) },
    { text: until === null && !here ? 'not seen to end' : endWords(owner) },
    { text: protocol === 'udp' ? `udp ${address}` : address },
    { text: ownerWords(owner) },
  ]
}

function publishedLine(one: Story['containers'][number]): string {
  const states = {
    listens: 'where it listens',
    loopback: 'where it listens on its own loopback only: publishing does not reach that',
    nobody: 'where nobody listens, though the container is up',
  }
  const state = one.inside ? `, ${states[one.inside]}` : ''
  return `${containerLine(one)}: ${one.protocol} ${bracketed(one.address)} leads to its port ${one.target}${state}`
}

/** More of them are only counted. */
const mostClients = 8

function clientLines({ clients }: Story): string[] {
  const shown = clients.slice(0, mostClients).map(({ address, connections, pid, command, user }) => {
    const who = pid === null ? address : `${shorten(command ?? '', 60)} (pid ${pid}, ${user}) from ${address}`
    return `${who}: ${count(connections, 'connection')}`
  })
  const rest = clients.slice(mostClients)
  const connections = rest.reduce((sum, one) => sum + one.connections, 0)
  return rest.length ? [...shown, `and ${count(connections, 'connection')} of ${count(rest.length, 'other')}`] : shown
}

function heardLine({ address, program, says, certificate, by }: NonNullable<Story['heard']>[number]): string {
  const tls = certificate
    ? ` over TLS, certificate of ${certificate.subject} by ${certificate.issuer}${certificate.until ? `, until ${certificate.until.slice(0, 10)}` : ''}`
    : ''
  return `${bracketed(address)} ${program ? `is ${program}` : 'does not say what it is'}${tls}${says ? `: ${shorten(says, 160)}` : ''}${by ? ` (${by})` : ''}`
}

/** What surprises people. What is as everybody expects is left to `--json`. */
function mindLines({ localhost, listeners, shadows, namespaces, unanswered }: Story): string[] {
  const tcp = listeners.filter(({ protocol }) => protocol === 'tcp')
  const families = new Set(tcp.map(({ address, family }) => (address === '*' ? 'both' : family)))
  const others = namespaces?.others ?? []
  const elsewhere = others.filter(({ listens }) => listens)
  const unseen = others.filter(({ listens }) => listens === null)
  const hosts = {
    same: ['localhost reaches the same server over IPv4 and IPv6'],
    split: ['localhost is two servers: over IPv4 (127.0.0.1) another one answers than over IPv6 (::1)'],
    unknown: ['localhost may be two servers: who answers over the other family is not visible to you'],
    'one-family': [`localhost answers over ${families.has(6) ? 'IPv6 (::1)' : 'IPv4 (127.0.0.1)'} only`],
    nobody: [],
  }
  return [
    ...(localhost === null ? [] : hosts[localhost]),
    ...shadows.map(
      ({ protocol, hidden, by, pid }) =>
        `${protocol} ${hidden} does not get what arrives at ${by}: ${pid === null ? 'another' : `pid ${pid}`} is bound more exactly`,
    ),
    ...(elsewhere.length
      ? [
          `in ${count(elsewhere.length, 'other network namespace')} somebody listens on this number too (${list(elsewhere.slice(0, 4).map(({ container, pid }) => container ?? `pid ${pid}`))}): that is not this machine's port`,
        ]
      : []),
    ...(unseen.length ? [`${count(unseen.length, 'other network namespace')} could not be looked into`] : []),
    ...unanswered.map(engineLine),
  ]
}
