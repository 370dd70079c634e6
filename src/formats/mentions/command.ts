import type { Mention, MentionName } from '../../core/mention.ts'
import { endpointsIn, fallbacksIn } from './endpoints.ts'
import { holdsPort, mentionAt } from './mention-at.ts'
import { readShort } from './publish.ts'

interface Word {
  readonly text: string
  readonly start: number
}

/** Programs whose short flag is the port that they listen on. For others `-p` is a path, a pid or a project. */
const shortFlags: Readonly<Record<string, readonly string[]>> = {
  '-p': 'next nuxt nuxi http-server live-server json-server serve storybook start-storybook gatsby parcel ng flask rails jekyll hugo wrangler gradio'.split(
    ' ',
  ),
  '-P': ['http-server'],
  '-l': ['serve'],
}
const longFlag = /^--(?:port|server\.port|http-port|listen-port|host-port|ui-port|listen|bind|http)(?:=|$)/
const engines = new Set(['docker', 'podman', 'nerdctl'])

/**
 * The ports of a command line: `--port 3000`, `PORT=3000 node server.js`, `docker run -p 3000:80`, `http://localhost:3000`. `names` are those of what
 * the command starts. Quotes separate words, escaped ones too, so that the text may come as it stands in a JSON file.
 */
export function readCommandMentions(text: string, base: number, names: readonly MentionName[]): Mention[] {
  const found = new Map<number, Mention>()
  for (const command of commandsOf(text)) {
    for (const [index, word] of command.entries()) {
      for (const mention of mentionsOf(command, index, word, base, names))
        if (!found.has(mention.start)) found.set(mention.start, mention)
    }
  }
  for (const mention of fallbacksIn(text, base, names)) if (!found.has(mention.start)) found.set(mention.start, mention)
  return [...found.values()].toSorted((a, b) => a.start - b.start)
}

function mentionsOf(
  command: readonly Word[],
  index: number,
  { text, start }: Word,
  base: number,
  names: readonly MentionName[],
): Mention[] {
  const assignment = /^(?<variable>[A-Za-z_]\w*)=(?<value>.+)$/.exec(text)
  if (assignment) {
    const { variable = '', value = '' } = assignment.groups ?? {}
    const at = base + start + variable.length + 1
    const known: MentionName[] = [{ by: 'variable', text: variable }]
    if (/^\d+$/.test(value)) return holdsPort(variable) ? mentionAt(at, value, { names: [...known, ...names] }) : []
    return endpointsIn(value, at, known)
  }
  const value = valueOf(command, index)
  if (value && engines.has(command[0]?.text ?? '') && /^(?:-p|--publish)(?:=|$)/.test(text)) {
    const container = nameOfContainer(command)
    return readShort(value.text, base + value.start).flatMap(({ mention }) =>
      mention ? [{ ...mention, names: [...mention.names, ...container] }] : [],
    )
  }
  if (value && takesPort(command, index)) {
    const [, digits = ''] = /(?:^|:)(\d{1,5})$/.exec(value.text) ?? []
    return mentionAt(base + value.start + value.text.length - digits.length, digits, { names })
  }
  const tested = /^(?:tcp:|-t?i:|-i(?:tcp)?:)(?<digits>\d+)$/i.exec(text)?.groups?.['digits']
  if (tested !== undefined) return mentionAt(base + start + text.length - tested.length, tested, { side: 'connects' })
  return endpointsIn(text, base + start, [])
}

function takesPort(command: readonly Word[], index: number): boolean {
  const text = command[index]?.text ?? ''
  if (longFlag.test(text)) return true
  const before = command.slice(0, index).map((word) => word.text.slice(word.text.lastIndexOf('/') + 1))
  if (text === 'runserver' || text === 'http.server' || (text === '-S' && before.includes('php'))) return true
  const programs = shortFlags[text]
  return programs !== undefined && before.some((word) => programs.includes(word))
}

/** What stands behind the flag's `=`, or the next word. */
function valueOf(command: readonly Word[], index: number): Word | undefined {
  const word = command[index]
  const equals = word?.text.startsWith('-') ? word.text.indexOf('=') : -1
  if (!word || equals < 0 || equals === word.text.length - 1) return command[index + 1]
  return { text: word.text.slice(equals + 1), start: word.start + equals + 1 }
}

function nameOfContainer(command: readonly Word[]): MentionName[] {
  const index = command.findIndex(({ text }) => /^--name(?:=|$)/.test(text))
  const name = index < 0 ? undefined : valueOf(command, index)
  return name ? [{ by: 'label', text: name.text }] : []
}

/** The words of each command; `&&`, `|`, `;` and line ends separate commands, a backslash before a line end does not. */
function commandsOf(text: string): Word[][] {
  const commands: Word[][] = []
  let command: Word[] = []
  for (const { 0: word, index } of text.matchAll(/\\\r?\n|[;&|\n()]|(?:\$\{[^}\n]{0,200}\}|[^\s"'`;&|()\\])+/g)) {
    if (/^[;&|\n()]$/.test(word)) {
      commands.push(command)
      command = []
    } else if (!word.startsWith('\\')) command.push({ text: word, start: index })
  }
  return [...commands, command]
}
