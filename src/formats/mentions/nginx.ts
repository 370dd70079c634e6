import type { Mention, MentionName } from '../../core/mention.ts'
import { endpointsIn } from './endpoints.ts'
import { mentionAt, UnreadableText } from './mention-at.ts'

interface Word {
  readonly text: string
  readonly start: number
}

interface Block {
  readonly start: number
  /** Names that the block gives itself: `upstream grafana`, `location /grafana/`, `server_name grafana.example.org`. */
  names: MentionName[]
}

const passing = /^(?:proxy_pass|grpc_pass|fastcgi_pass|uwsgi_pass|scgi_pass|server)$/
const token = /#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[;{}]|(?:\\.|\$\{[^}\s]{0,200}\}|[^\s;{}"'\\])+|\S/gs

/**
 * The ports of an nginx configuration: `listen 3000;`, `proxy_pass http://localhost:3000;`, `server 127.0.0.1:3000;` of an upstream.
 * Throws `UnreadableText` for braces that do not match.
 */
export function readNginxMentions(text: string): Mention[] {
  const mentions: Mention[] = []
  const open: Block[] = []
  let words: Word[] = []
  for (const { 0: word, index } of text.matchAll(token)) {
    if (word.startsWith('#')) continue
    if (word === '{') {
      open.push({ start: index, names: namesOf(words) })
      words = []
    } else if (word === '}') {
      if (!open.pop()) throw new UnreadableText(index, 'this brace closes nothing')
      words = []
    } else if (word === ';') {
      directive(words)
      words = []
    } else {
      words.push({ text: word, start: index })
    }
  }
  const unclosed = open.at(-1)
  if (unclosed) throw new UnreadableText(unclosed.start, 'this brace is not closed')
  return mentions

  function directive([name, ...values]: readonly Word[]): void {
    const block = open.at(-1)
    const [first] = values
    if (!name || !first || !block) return
    if (name.text === 'listen') {
      const protocol = values.some((value) => /^(?:udp|quic)$/.test(value.text)) ? 'udp' : 'tcp'
      const digits = /^(?:(?:\[[^\]]*\]|[\w.*-]+):)?(?<digits>\d+)$/.exec(first.text)?.groups?.['digits'] ?? ''
      const start = first.start + first.text.length - digits.length
      mentions.push(...mentionAt(start, digits, { protocol, side: 'fronts' }))
    } else if (name.text === 'server_name') {
      block.names = [...block.names, ...values.flatMap(({ text: host }) => siteName(host))]
    } else if (passing.test(name.text)) {
      // The nearest name counts: what `/api` of Grafana's site is passed on to is not Grafana.
      const names = open.findLast((around) => around.names.length > 0)?.names ?? []
      mentions.push(...endpointsIn(first.text, first.start, names))
    }
  }
}

function namesOf([name, ...values]: readonly Word[]): MentionName[] {
  const text = values.at(-1)?.text ?? ''
  if (name?.text === 'upstream') return [{ by: 'upstream', text }]
  const path = name?.text === 'location' ? /^\^?\/(?<path>[\w-]+)/.exec(text)?.groups?.['path'] : undefined
  return path === undefined ? [] : [{ by: 'upstream', text: path }]
}

/** `grafana.example.org` is the site of Grafana, `example.org` of nobody in particular. */
export function siteName(host: string): MentionName[] {
  const label = /^(?<label>[a-z][\w-]*)\.(?:[\w-]+\.)*[a-z][\w-]*$/i.exec(host)?.groups?.['label']
  return label === undefined || label === 'www' ? [] : [{ by: 'site', text: label }]
}
