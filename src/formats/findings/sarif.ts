import { rules } from '../../core/audit/audit.ts'
import type { Level } from '../../core/audit/finding.ts'
import type { Report, Reported } from './report.ts'

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const levels = { off: 'none', notice: 'note', warning: 'warning', error: 'error' } as const satisfies Record<
  Level,
  string
>

/**
 * The findings as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning. What was accepted is there too, as suppressed with its
 * reason, so that a reader can tell it from what was never found.
 */
export function writeSarif(report: Report): string {
  const results = [
    ...report.findings.map((finding) => result(finding)),
    ...report.accepted.map((finding) => ({
      ...result(finding),
      suppressions: [{ kind: 'external', status: 'accepted', justification: finding.why }],
    })),
  ]
  const driver = {
    name: 'IZA Ports',
    rules: rules.map(({ id, level, summary, remedy }) => ({
      id,
      shortDescription: { text: summary },
      help: { text: remedy },
      defaultConfiguration: { enabled: level !== 'off', level: levels[level] },
    })),
  }
  const log = { $schema: schema, version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }] }
  return `${JSON.stringify(log, null, 2)}\n`
}

function result({ rule, severity, services, ports, message, hint, file, line }: Reported): object {
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: levels[severity],
    message: { text: `${message}. ${hint}` },
    locations: [location(file, line, services)],
    // The same finding is known again when lines were added above it.
    partialFingerprints: { 'finding/v1': [rule, ...services, ...ports].join(' ') },
  }
}

function location(file: string | null, line: number | null, services: readonly string[]): object {
  const logical = services.map((name) => ({ name, kind: 'resource' }))
  const region = line === null ? {} : { region: { startLine: line } }
  return {
    ...(file !== null && { physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region } }),
    ...(logical.length > 0 && { logicalLocations: logical }),
  }
}

/** A relative path stays relative, so that it is found in whatever checkout reads the log. */
function uriOf(path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  if (path.startsWith('/')) return `file://${encoded}`
  return encoded.replace(/^(?:\.\/)+/, '')
}
