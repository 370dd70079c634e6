import type { ComposeNotice, ComposeService } from '../../core/compose.ts'
import { invalid } from './invalid.ts'
import { asMapping } from './merge-forms.ts'
import { readPublishes } from './publishes.ts'
import { child, isNull, kindOf, textOf } from './tree.ts'
import type { MapTree, Tree } from './tree.ts'

/** The services of a merged model. Throws for what is no service and for ports that are none. */
export function readServices(
  model: MapTree,
  profiles: readonly string[],
  notices: ComposeNotice[],
): readonly ComposeService[] {
  const services = child(model, 'services')
  if (services === undefined) throw invalid(model.place, 'it has no services')
  if (services.kind !== 'map') throw invalid(services.place, `services takes a mapping, not ${kindOf(services)}`)
  return [...services.entries].map(([name, service]) => readService(name, service, profiles, notices))
}

function readService(name: string, service: Tree, wanted: readonly string[], notices: ComposeNotice[]): ComposeService {
  if (service.kind !== 'map') throw invalid(service.place, `service ${name} takes a mapping, not ${kindOf(service)}`)
  const ports = service.entries.get('ports')
  const publishes = readPublishes(name, ports)
  const hostNetwork = textOf(child(service, 'network_mode')) === 'host'
  if (hostNetwork && ports && publishes.length) notices.push({ what: 'host-network', text: name, ...ports.place })
  const profiles = texts(child(service, 'profiles'))
  return {
    name,
    image: textOf(child(service, 'image')),
    containerName: textOf(child(service, 'container_name')),
    aliases: aliasesOf(child(service, 'networks')),
    labels: labelsOf(child(service, 'labels')),
    profiles,
    active: profiles.length === 0 || wanted.includes('*') || profiles.some((profile) => wanted.includes(profile)),
    hostNetwork,
    publishes: hostNetwork ? [] : publishes,
  }
}

/** The aliases on all networks, each once. */
function aliasesOf(networks: Tree | undefined): string[] {
  if (networks?.kind !== 'map') return []
  const aliases = [...networks.entries.values()].flatMap((network) => {
    const list = child(network, 'aliases')
    return list?.kind === 'list' ? list.items.flatMap((item) => textOf(item) ?? []) : []
  })
  return [...new Set(aliases)]
}

function labelsOf(labels: Tree | undefined): Record<string, string> {
  const map = labels && asMapping(labels)
  if (map?.kind !== 'map') return {}
  return Object.fromEntries([...map.entries].map(([key, value]) => [key, textOf(value) ?? '']))
}

function texts(tree: Tree | undefined): string[] {
  if (tree === undefined || isNull(tree)) return []
  if (tree.kind !== 'list') throw invalid(tree.place, `profiles takes a list, not ${kindOf(tree)}`)
  return tree.items.flatMap((item) => textOf(item) ?? [])
}

/** A project name as Compose allows it: lower-case letters, digits, `-` and `_`, a letter or digit in front. Empty where nothing is left. */
export function projectName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '')
}
