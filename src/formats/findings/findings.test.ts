import { expect, test } from 'bun:test'
import Ajv from 'ajv'
import { writeGithub } from './github.ts'
import { writeMarkdown } from './markdown.ts'
import type { Report } from './report.ts'
import { writeSarif } from './sarif.ts'
import { sarifSchema } from './sarif-schema.fixture.ts'

const nasty = 'A: 50%, | `x`\n::error::gotcha'
const finding = {
  rule: 'out-of-range',
  severity: 'notice' as const,
  services: [nasty],
  ports: [9999],
  facts: { range: 'Core' },
  hint: 'Move it.',
  message: `${nasty} is elsewhere`,
  file: './docs/my ports,v1.md',
  line: 7,
}
const report: Report = {
  file: './docs/my ports,v1.md',
  findings: [finding, { ...finding, severity: 'error', services: [], line: null }],
  accepted: [{ ...finding, why: 'it stays' }],
}

/** The same in another place. */
const at = (file: string | null): Report => ({ ...report, file, findings: [{ ...finding, file }] })

test('a finding is SARIF 2.1.0, what was accepted as suppressed, the place as a relative address', () => {
  const log = JSON.parse(writeSarif(report))
  const validate = new Ajv({ strict: true, allErrors: true }).compile(sarifSchema)
  expect([validate(log), validate.errors]).toEqual([true, null])
  const [first, second, third] = log.runs[0].results
  expect(first).toMatchObject({
    ruleId: 'out-of-range',
    level: 'note',
    locations: [
      { physicalLocation: { artifactLocation: { uri: 'docs/my%20ports%2Cv1.md' }, region: { startLine: 7 } } },
    ],
  })
  expect(log.runs[0].tool.driver.rules[first.ruleIndex].id).toBe('out-of-range')
  expect([second.level, second.suppressions]).toEqual(['error', undefined])
  expect(third.suppressions).toEqual([{ kind: 'external', status: 'accepted', justification: 'it stays' }])
})

test('the registry itself has no file to point into', () => {
  const log = JSON.parse(writeSarif(at(null)))
  expect(log.runs[0].results[0].locations[0].physicalLocation).toBeUndefined()
  expect(JSON.parse(writeSarif(at('/srv/ports.md'))).runs[0].results[0].locations[0]).toMatchObject({
    physicalLocation: { artifactLocation: { uri: 'file:///srv/ports.md' } },
  })
})

test('a schema that misses what SARIF needs would be noticed', () => {
  const validate = new Ajv({ strict: true }).compile(sarifSchema)
  const log = JSON.parse(writeSarif(report))
  log.runs[0].results[0].level = 'notice'
  expect(validate(log)).toBe(false)
})

test('a GitHub annotation cannot be broken out of by a name', () => {
  const lines = writeGithub(report).trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toBe(
    '::notice file=./docs/my ports%2Cv1.md,line=7,title=out-of-range::A: 50%25, | `x`\\n::error::gotcha is elsewhere. Move it.',
  )
  expect(lines[1]).toStartWith('::error file=./docs/my ports%2Cv1.md,title=out-of-range::')
})

test('a Markdown table keeps its cells whatever stands in a name', () => {
  const rows = writeMarkdown(report)
    .split('\n')
    .filter((line) => line.startsWith('| notice') || line.startsWith('| error'))
  expect(rows).toHaveLength(2)
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6)
  expect(writeMarkdown(at('shop/.env'))).toContain('| notice | 7 |')
  expect(writeMarkdown({ ...at('shop/.env'), file: null })).toContain('| notice | shop/.env:7 |')
  expect(writeMarkdown({ file: null, findings: [], accepted: [] })).toBe('## Port audit\n\nNothing is wrong.\n')
})
