import type { Mention, MentionName } from '../../core/mention.ts'
import { endpointsIn } from './endpoints.ts'
import { mentionAt, UnreadableText } from './mention-at.ts'
import { siteName } from './nginx.ts'

/** A word on a line, a brace, a comment, or a line end. */
const token = /(?<=^|\s)#[^\n]*|\n|"(?:\\.|[^"\\])*"|`[^`]*`|(?:\{\$?[\w.:-]+\}|[^\s"`])+|\S/g

/**
 * The ports of a Caddyfile: site addresses (`:3000`, `grafana.localhost:8443`), and where requests are passed on to (`reverse_proxy localhost:3000`,
 * `:3000` meaning this machine). Throws `UnreadableText` for braces that do not match.
 */
export function readCaddyMentions(text: string): Mention[] {
  const mentions: Mention[] = []
  const open: number[] = []
  let names: MentionName[] = []
  let heads: string[] = []
  let line: { readonly text: string; readonly start: number }[] = []
  for (const { 0: word, index } of [...text.matchAll(token), { 0: '\n', index: text.length }]) {
    if (word.startsWith('#')) continue
    if (word === '{') {
      endLine()
      open.push(index)
    } else if (word === '}') {
      endLine()
      if (open.pop() === undefined) throw new UnreadableText(index, 'this brace closes nothing')
      if (open.length === 0) {
        names = []
        heads = []
      }
    } else if (word === '\n') endLine()
    else line.push({ text: word, start: index })
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw new UnreadableText(unclosed, 'this brace is not closed')
  return mentions

  function endLine(): void {
    const words = line
    line = []
    const [first] = words
    if (!first) return
    const isDirective = open.length > 0 || (heads.length > 0 && /^[a-z_]+$/.test(first.text))
    if (isDirective) return directive(words)
    for (const word of words) {
      const site = word.text.replace(/,$/, '')
      const host = site.replace(/^https?:\/\//, '').replace(/[:/].*$/, '')
      heads.push(host)
      names = [...names, ...siteName(host)]
      const digits =
        /^(?:https?:\/\/)?(?:[\w.*-]+|\[[^\]]*\])?:(?<digits>\d+)(?:\/.*)?$/.exec(site)?.groups?.['digits'] ?? ''
      const at = word.start + word.text.indexOf(`:${digits}`) + 1
      mentions.push(...mentionAt(at, digits, { side: 'fronts' }))
    }
  }

  function directive([first, ...values]: readonly { readonly text: string; readonly start: number }[]): void {
    const name = first?.text ?? ''
    if (/^https?_port$/.test(name) && values[0]) {
      mentions.push(...mentionAt(values[0].start, values[0].text, { side: 'fronts' }))
      return
    }
    if (!/^(?:reverse_proxy|php_fastcgi|forward_auth|to)$/.test(name)) return
    const path = values.map((value) => /^\/(?<path>[\w-]+)/.exec(value.text)?.groups?.['path']).find(Boolean)
    const passed: MentionName[] = path === undefined ? names : [{ by: 'upstream', text: path }]
    for (const value of values) {
      const bare = /^:(?<digits>\d+)$/.exec(value.text)?.groups?.['digits']
      if (bare === undefined) mentions.push(...endpointsIn(value.text, value.start, passed))
      else mentions.push(...mentionAt(value.start + 1, bare, { side: 'connects', names: passed }))
    }
  }
}
