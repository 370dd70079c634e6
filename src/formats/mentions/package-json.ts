import type { Mention, MentionName } from '../../core/mention.ts'
import { readCommandMentions } from './command.ts'
import { at, propertiesOf, readJson, sourceOf, stringOf } from './json-tree.ts'
import { mentionAt } from './mention-at.ts'

/** The ports of the scripts of a `package.json`, and its `config.port`. */
export function readPackageMentions(text: string): Mention[] {
  const root = readJson(text)
  const name = stringOf(at(root, 'name'))
  const own: MentionName[] = name === null ? [] : [{ by: 'package', text: name.replace(/^@[^/]*\//, '') }]
  const config = sourceOf(at(root, 'config', 'port'), text)
  const scripts = propertiesOf(at(root, 'scripts')).flatMap(({ name: script, value }) => {
    const source = sourceOf(value, text)
    const part = /:(?<part>[^:]+)$/.exec(script)?.groups?.['part']
    const names: MentionName[] = part === undefined ? own : [{ by: 'script', text: part }, ...own]
    return value.type === 'string' && source ? readCommandMentions(source.text, source.start, names) : []
  })
  return [...(config ? mentionAt(config.start, config.text, { names: own }) : []), ...scripts]
}
