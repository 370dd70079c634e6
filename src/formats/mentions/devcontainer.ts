import type { Node } from 'jsonc-parser'
import type { Mention, MentionName } from '../../core/mention.ts'
import { at, itemsOf, propertiesOf, readJson, sourceOf, stringOf } from './json-tree.ts'
import { mentionAt } from './mention-at.ts'
import { readShort } from './publish.ts'

/** The ports that a development container forwards (`forwardPorts`, `portsAttributes`) or publishes (`appPort`). `db:5432` is another container's. */
export function readDevcontainerMentions(text: string): Mention[] {
  const root = readJson(text)
  const attributes = propertiesOf(at(root, 'portsAttributes'))
  const labels = new Map(attributes.map(({ name, value }) => [name, stringOf(at(value, 'label'))]))
  const forwarded = itemsOf(at(root, 'forwardPorts')).flatMap((node) => plain(node))
  const application = at(root, 'appPort')
  const published = (application?.type === 'array' ? itemsOf(application) : application ? [application] : []).flatMap(
    (node) => {
      const source = sourceOf(node, text)
      if (!source) return []
      if (/^\d+$/.test(source.text)) return plain(node)
      return readShort(source.text, source.start).flatMap(({ mention }) => (mention ? [mention] : []))
    },
  )
  const attributed = attributes.flatMap(({ name, value }) => {
    const key = value.parent?.children?.[0]
    return /^\d+$/.test(name) && key ? mentionAt(key.offset + 1, name, { names: namesOf(name) }) : []
  })
  return [...forwarded, ...published, ...attributed].toSorted((a, b) => a.start - b.start)

  function plain(node: Node): Mention[] {
    const source = sourceOf(node, text)
    return source && /^\d+$/.test(source.text)
      ? mentionAt(source.start, source.text, { names: namesOf(source.text) })
      : []
  }

  function namesOf(port: string): MentionName[] {
    const label = labels.get(port) ?? null
    return label === null ? [] : [{ by: 'label', text: label }]
  }
}
