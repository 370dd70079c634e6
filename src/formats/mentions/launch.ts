import type { Mention, MentionName } from '../../core/mention.ts'
import { readCommandMentions } from './command.ts'
import { endpointsIn } from './endpoints.ts'
import { at, itemsOf, propertiesOf, readJson, sourceOf, stringOf } from './json-tree.ts'
import { holdsPort, mentionAt } from './mention-at.ts'

/** The ports of VS Code's launch configurations: what they set, pass and open. `port` itself is a debugger's. */
export function readLaunchMentions(text: string): Mention[] {
  return itemsOf(at(readJson(text), 'configurations')).flatMap((configuration) => {
    const name = stringOf(at(configuration, 'name'))
    const names: MentionName[] = name === null ? [] : [{ by: 'script', text: name }]
    const variables = propertiesOf(at(configuration, 'env')).flatMap(({ name: variable, value }) => {
      const source = sourceOf(value, text)
      const known: MentionName = { by: 'variable', text: variable }
      if (!source) return []
      if (/^\d+$/.test(source.text) && holdsPort(variable))
        return mentionAt(source.start, source.text, { names: [known, ...names] })
      return endpointsIn(source.text, source.start, [known])
    })
    const opened = ['url', 'uriFormat'].flatMap((key) => {
      const source = sourceOf(at(configuration, key) ?? at(configuration, 'serverReadyAction', key), text)
      return source ? endpointsIn(source.text, source.start, []) : []
    })
    return [...variables, ...argumentsOf(), ...opened]

    /** The arguments are one command line, its words between quotes and commas. */
    function argumentsOf(): Mention[] {
      return ['args', 'runtimeArgs', 'command'].flatMap((key) => {
        const node = at(configuration, key)
        if (!node) return []
        const written = text.slice(node.offset, node.offset + node.length).replace(/[[\],]/g, ' ')
        return readCommandMentions(
          written.replace(/\r?\n/g, (end) => ' '.repeat(end.length)),
          node.offset,
          names,
        )
      })
    }
  })
}
