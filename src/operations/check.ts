import * as z from '../formats/zod.ts'
import { knownFor } from '../catalog/known-services.ts'
import { auditAll, sayFinding } from '../core/audit/audit.ts'
import type { Audit } from '../core/audit/audit.ts'
import type { Finding } from '../core/audit/finding.ts'
import { lineFinder } from '../core/document-lines.ts'
import { registryOf } from '../core/document-registry.ts'
import type { PortDocument } from '../core/document.ts'
import { Problem } from '../core/problem.ts'
import type { Reported, Report } from '../formats/findings/report.ts'
import { look } from './look.ts'
import { operation } from './operation.ts'
import { auditWithProject } from './project-audit.ts'
import { readDocument } from './read-document.ts'
import { findingShape } from './shapes.ts'
import type { World } from './world.ts'

const formats = ['text', 'json', 'sarif', 'github', 'markdown'] as const

const reported = z.extend(findingShape, {
  message: z.string(),
  /** The document, where one was checked, or the file of a project that is wrong. */
  file: z.nullable(z.string()),
  line: z.nullable(z.int()),
})

export type Check = z.output<typeof output>
const output = z.object({
  file: z.nullable(z.string()),
  findings: z.array(reported),
  /** What would be findings if nobody had accepted them. */
  accepted: z.array(z.extend(reported, { why: z.string() })),
  strict: z.boolean(),
  /** Whether a person wants to see what was accepted. */
  all: z.boolean(),
  /** The findings in the format that was asked for, null for `text`. */
  text: z.nullable(z.string()),
})

export const check = operation({
  name: 'check',
  summary:
    'Says what is wrong with the registry, or with a document before it is imported; exit code 1 when there is an error.',
  effect: 'read',
  positional: ['file'],
  examples: ['ports check', 'ports check ports.md --strict', 'ports check ports.md --format sarif > ports.sarif'],
  input: z.object({
    file: z.optional(z.string()).check(z.describe('a document to check by itself, instead of the registry')),
    format: z.withDefault(z.enum(formats), 'text').check(z.describe(formats.join(', '))),
    strict: z.withDefault(z.boolean(), false).check(z.describe('exit code 1 for warnings too')),
    all: z.withDefault(z.boolean(), false).check(z.describe('show what was accepted as well')),
    project: z
      .optional(z.string())
      .check(
        z.describe(
          'a folder whose files and compose project are held against the registry; else the project around here',
        ),
      ),
  }),
  output,
  isNo: ({ findings, strict }) =>
    findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning')),
  async run(world, { file, format, strict, all, project }, call) {
    if (file !== undefined && project !== undefined) throw refuseBoth(project)
    const document = file === undefined ? null : await readDocument(world, call, file)
    const audit = document
      ? await auditDocument(world, document)
      : await auditWithProject(world, call, await look(world), project)
    const report = reportOf(audit, document, file ?? null)
    return { ...report, strict, all, text: await write(format, report) }
  },
})

function refuseBoth(argument: string): Problem {
  return new Problem('argument-invalid', {
    argument,
    why: 'a document is checked by itself, without a project',
    command: 'check',
  })
}

/** The document by itself: what it promises and what it accepts, without a look at the machine that it happens to be checked on. */
async function auditDocument(world: World, document: PortDocument): Promise<Audit> {
  const registry = registryOf(document, world.host)
  return auditAll({ registry, host: world.host, seen: null, known: await knownFor(registry) })
}

type Checked = Pick<Check, 'file' | 'findings' | 'accepted'>

function reportOf({ findings, accepted }: Audit, document: PortDocument | null, file: string | null): Checked {
  const lineOf = document ? lineFinder(document) : () => null
  const placeOf = (finding: Finding): Pick<Reported, 'file' | 'line'> => {
    const { file: own, line } = finding.facts
    return typeof own === 'string'
      ? { file: own, line: typeof line === 'number' ? line : null }
      : { file, line: lineOf(finding) }
  }
  const told = (finding: Finding): Check['findings'][number] => ({
    rule: finding.rule,
    severity: finding.severity,
    services: [...finding.services],
    ports: [...finding.ports],
    facts: { ...finding.facts },
    hint: finding.hint,
    message: sayFinding(finding),
    ...placeOf(finding),
  })
  return { file, findings: findings.map(told), accepted: accepted.map((one) => ({ ...told(one), why: one.why })) }
}

async function write(
  format: (typeof formats)[number],
  report: Report & { findings: Reported[] },
): Promise<string | null> {
  switch (format) {
    case 'text':
      return null
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`
    case 'sarif':
      return (await import('../formats/findings/sarif.ts')).writeSarif(report)
    case 'github':
      return (await import('../formats/findings/github.ts')).writeGithub(report)
    case 'markdown':
      return (await import('../formats/findings/markdown.ts')).writeMarkdown(report)
  }
}
