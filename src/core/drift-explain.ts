import type { Clue } from './compose-match.ts'
import type { Drift, TiedBy } from './drift.ts'
import type { NamedBy } from './mention.ts'
import { list } from './text.ts'

const names: Readonly<Record<NamedBy, string>> = {
  variable: 'the variable',
  row: 'the row',
  label: 'the label',
  process: 'the process',
  script: 'the script',
  upstream: 'the upstream',
  site: 'the site',
  scheme: 'the URL of',
  package: 'the package',
  folder: 'the folder',
}

const clues: Readonly<Record<Clue, string>> = {
  label: 'by its label',
  name: 'by its name',
  'container-name': "by its container's name",
  alias: 'by an alias on a network',
  image: 'by its image',
  'container-port': 'by its container port',
}

/** Why the mention is wrong, in one sentence without a full stop. */
export function explainDrift({ code, mention, service, tiedBy, has, owner }: Drift): string {
  const { port } = mention
  if (code === 'other-workspace') return `${port} is claimed for ${service}, which is another workspace's`
  const owned = owner === null ? '' : `, and ${port} belongs to ${owner}`
  const tied = tiedBy ? sayTie(tiedBy, service) : service
  if (code === 'old-port') return `${tied} was moved from ${port} to ${list(has.map(String))}${owned}`
  return `${tied} has ${list(has.map(String))} in the registry${owned}`
}

function sayTie(by: TiedBy, service: string): string {
  if (by.by === 'move') return service
  if (by.by === 'compose') return `the compose service ${by.text} is ${service} (${clues[by.clue]}), which`
  return `${names[by.by]} ${by.text} means ${service}, which`
}
