import { isMap, isScalar, isSeq } from 'yaml'
import type { Node } from 'yaml'
import type { ComposeService } from '../../core/compose.ts'
import type { Mention } from '../../core/mention.ts'
import { readPublish, readShort, readSide } from './publish.ts'
import type { ReadPublish } from './publish.ts'
import { entriesOf, readYaml, sourceOf, stringAt, valueAt } from './yaml-tree.ts'

/**
 * The published ports of a compose file, file by file: whose digits stand where is what no merged model tells any more. Container ports, ranges, and
 * services on the host's network are left out.
 */
export function readComposeMentions(text: string): Mention[] {
  return readYaml(text).flatMap((document) => publishedBy(valueAt(document, 'services'), text))
}

/** The published ports of the services of a mapping like compose's `services`. */
export function publishedBy(services: Node | null | undefined, text: string, elsewhere = false): Mention[] {
  return entriesOf(services).flatMap(([name, node]) => {
    const ports = valueAt(node, 'ports')
    if (!isSeq(ports) || stringAt(node, 'network_mode') === 'host') return []
    const service = serviceOf(name, node)
    const replaces = (ports as { tag?: string }).tag === '!override'
    return (ports.items as Node[]).flatMap((entry) =>
      readEntry(entry, text).flatMap(({ mention, target }) =>
        mention ? [{ ...mention, publish: { service, target: target ?? mention.port, replaces, elsewhere } }] : [],
      ),
    )
  })
}

function readEntry(entry: Node, text: string): ReadPublish[] {
  if (isMap(entry)) {
    const protocol = stringAt(entry, 'protocol') ?? 'tcp'
    const [published, target] = ['published', 'target'].map((key) => {
      const source = sourceOf(valueAt(entry, key), text)
      return source ? readSide(source.text, source.start) : null
    })
    return protocol === 'tcp' || protocol === 'udp' ? [readPublish(published ?? null, target ?? null, protocol)] : []
  }
  const source = sourceOf(entry, text)
  return source ? readShort(source.text, source.start) : []
}

function serviceOf(name: string, node: Node | null): ComposeService {
  return {
    name,
    image: stringAt(node, 'image'),
    containerName: stringAt(node, 'container_name'),
    aliases: aliasesOf(valueAt(node, 'networks')),
    labels: labelsOf(valueAt(node, 'labels')),
    profiles: [],
    active: true,
    hostNetwork: false,
    publishes: [],
  }
}

/** Those on all networks. */
function aliasesOf(networks: Node | undefined): string[] {
  return entriesOf(networks).flatMap(([, network]) => {
    const list = valueAt(network, 'aliases')
    return isSeq(list) ? (list.items as Node[]).flatMap((item) => (isScalar(item) ? [String(item.value)] : [])) : []
  })
}

/** A mapping, or a list of `name=value`. */
function labelsOf(node: Node | undefined): Record<string, string> {
  const pairs = isSeq(node)
    ? (node.items as Node[]).flatMap((item) => (isScalar(item) ? [String(item.value).split(/=(.*)/s)] : []))
    : entriesOf(node).map(([key, value]) => [key, isScalar(value) ? String(value.value) : ''])
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]))
}
