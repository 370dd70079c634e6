import { audit } from '../../core/audit/audit.ts'
import { severities } from '../../core/audit/finding.ts'
import { nameKey } from '../../core/name.ts'
import type { Range } from '../../core/range.ts'
import { allocationsOf } from '../../core/registry.ts'
import type { Registry } from '../../core/registry.ts'
import type { Ruling } from '../../core/ruling.ts'
import type { Service } from '../../core/service.ts'
import { count } from '../../core/text.ts'
import { escapeHeading, escapeText } from './escape.ts'
import { rulingHeader, writeRuling } from './ruling-table.ts'
import { writeMove } from './write-move.ts'
import { writePorts } from './write-ports.ts'

const usage = `## Usage

### 1. Check Port Status

\`\`\`bash
./manage_ports.sh
\`\`\`

### 2. Start a Service on a Port

\`\`\`bash
./manage_ports.sh start_service "Service Name" 3000 "command"
\`\`\`

### 3. Kill the Process on a Port

\`\`\`bash
./manage_ports.sh kill_port 3000
\`\`\`

### 4. Use the Docker Compose Override

\`\`\`bash
docker-compose -f docker-compose.yml -f docker-compose.override.yml up -d
\`\`\``

/**
 * The host's part of the registry as a document for people: a table for each range, the moves, the guidelines.
 * `readPortDocument` reads it back to the same ranges, services, ports, moves and rulings. What it does not carry: whether a
 * port is a claim, its owner, and since when.
 */
export function writePortDocument(registry: Registry, host: string): string {
  const services = registry.services.filter((service) => service.host === host)
  const known = new Set(registry.ranges.map(({ name }) => nameKey(name)))
  const others = services.filter(({ range }) => range === null || !known.has(nameKey(range)))
  const moves = registry.resolutions.filter((resolution) => resolution.host === host)
  const rulings = registry.rulings.filter((ruling) => ruling.host === null || ruling.host === host)
  const sections = [
    '# Port Management',
    '## Port Allocation Overview',
    ...registry.ranges.map((range) => writeRange(registry, range, services)),
    ...(others.length > 0 ? [`### Other Services\n\n${writeServices(registry, others)}`] : []),
    usage,
    ...(moves.length > 0 ? [writeMoves(moves.map(writeMove))] : []),
    ...(rulings.length > 0 ? [writeRulings(registry, host, rulings)] : []),
    ...(registry.ranges.length > 0 ? [`## Port Range Guidelines\n\n${writeGuidelines(registry.ranges)}`] : []),
  ]
  return `${sections.join('\n\n')}\n`
}

function writeRange(registry: Registry, range: Range, services: readonly Service[]): string {
  const members = services.filter((service) => service.range !== null && nameKey(service.range) === nameKey(range.name))
  return `### ${escapeHeading(range.name)} (${range.from}-${range.to})\n\n${writeServices(registry, members)}`
}

function writeServices(registry: Registry, services: readonly Service[]): string {
  const rows = services.map((service) => [
    escapeText(service.resolved ? `${service.name} (Resolved)` : service.name),
    escapeText(writePorts(allocationsOf(registry, service))),
    service.declared === 'active' ? '✅ Active' : 'Reserved',
    escapeText(service.description),
  ])
  return writeTable(['Service', 'Port', 'Status', 'Description'], rows)
}

function writeMoves(lines: readonly string[]): string {
  return `## Conflict Resolution\n\nThe following conflicts have been resolved:\n\n${lines.join('\n')}`
}

/** With what an audit of this document says, so that a reader need not ask. */
function writeRulings(registry: Registry, host: string, rulings: readonly Ruling[]): string {
  const left = audit({ registry, host, seen: null })
  const counts = severities
    .map((severity) => count(left.filter((finding) => finding.severity === severity).length, severity))
    .join(', ')
  const table = writeTable(rulingHeader, rulings.map(writeRuling))
  return `## Audit Decisions\n\nBeside what is accepted here, an audit of this document finds: ${counts}.\n\n${table}`
}

function writeGuidelines(ranges: readonly Range[]): string {
  const rows = ranges.map(({ from, to, purpose, examples }) => [
    `${from}-${to}`,
    escapeText(purpose),
    escapeText(examples),
  ])
  return writeTable(['Range', 'Purpose', 'Examples'], rows)
}

function writeTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const dashes = header.map((words) => '-'.repeat(words.length))
  return [header, dashes, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
