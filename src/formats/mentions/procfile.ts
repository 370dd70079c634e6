import type { Mention } from '../../core/mention.ts'
import { readCommandMentions } from './command.ts'

/** The ports of a Procfile: `web: npm start -- --port 3000`. */
export function readProcfileMentions(text: string): Mention[] {
  return [...text.matchAll(/^(?<process>[\w-]+):[ \t]*(?<command>.*)$/gm)].flatMap((match) => {
    const { process = '', command = '' } = match.groups ?? {}
    const start = match.index + match[0].length - command.length
    return readCommandMentions(command, start, [{ by: 'process', text: process }])
  })
}
