import type { Change } from './commit.ts'
import { list } from './text.ts'

/** A step of a plan as one line: what a dry run prints is what the real run commits. `nameOf` tells whose an allocation is. */
export function sayChange(change: Change, nameOf: (id: string) => string): string {
  switch (change.do) {
    case 'put-range':
      return `range ${change.range.name} ${change.range.from}-${change.range.to}`
    case 'remove-range':
      return `remove range ${change.name}`
    case 'put-service':
      return `service ${change.service.name}`
    case 'remove-service':
      return `remove service ${change.name}`
    case 'allocate':
      return `give ${list(change.candidates.map(String))}/${change.protocol} to ${change.service}`
    case 'adopt':
      return `give ${change.allocation.port}/${change.allocation.protocol} back to ${change.allocation.service}`
    case 'move':
      return `move ${nameOf(change.id)} to ${list(change.candidates.map(String))}`
    case 'release':
      return `release the port of ${nameOf(change.id)}`
    case 'forget':
      return `forget that ${change.resolution.service} moved to ${change.resolution.to}`
    case 'put-ruling': {
      const { rule, about, level, why } = change.ruling
      return about === null ? `rule ${rule} is ${level}` : `accept ${rule} of ${about}${why ? ` (${why})` : ''}`
    }
    case 'remove-ruling': {
      const { rule, about } = change.ruling
      return about === null ? `rule ${rule} as it was made` : `no longer accept ${rule} of ${about}`
    }
    case 'hold':
      return `hold the claim of ${nameOf(change.id)}`
    case 'doubt':
      return `the claim of ${nameOf(change.id)} is ${change.standing}`
    case 'reclaim':
      return `free the claim of ${nameOf(change.id)}`
    case 'record':
      return `record that ${change.resolution.service} moved to ${change.resolution.to}${change.resolution.why ? ` (${change.resolution.why})` : ''}`
  }
}
