import type { Mention } from '../../core/mention.ts'
import { readCommandMentions } from './command.ts'
import { endpointsIn } from './endpoints.ts'
import { holdsPort, mentionAt } from './mention-at.ts'

const assignment =
  /^(?:export[ \t]+|override[ \t]+)*(?<variable>[A-Za-z_]\w*)[ \t]*(?:::?:?|\?|\+)?=[ \t]*(?<value>[^#\r\n]*)/
const target = /^(?<target>[\w./-]+)[ \t]*:(?!=)/

/** The ports of a Makefile: `PORT ?= 3000`, and the command lines of its recipes. */
export function readMakefileMentions(text: string): Mention[] {
  const mentions: Mention[] = []
  let script: string | null = null
  for (const { 0: line, index } of text.matchAll(/^(?:.*\\\r?\n)*.*$/gm)) {
    if (line.startsWith('\t')) {
      const names = script === null ? [] : [{ by: 'script', text: script } as const]
      mentions.push(...readCommandMentions(line.split(/(?<=\s)#/, 1)[0] ?? '', index, names))
      continue
    }
    const match = assignment.exec(line)
    const { variable = '', value = '' } = match?.groups ?? {}
    if (match) mentions.push(...assigned(variable, value, index + match[0].length - value.length))
    else script = target.exec(line)?.groups?.['target'] ?? script
  }
  return mentions
}

function assigned(variable: string, value: string, start: number): Mention[] {
  const names = [{ by: 'variable', text: variable } as const]
  const bare = value.trimEnd()
  if (/^\d+$/.test(bare)) return holdsPort(variable) ? mentionAt(start, bare, { names }) : []
  return endpointsIn(bare, start, names)
}
