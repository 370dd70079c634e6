/**
 * The part of the SARIF 2.1.0 schema (OASIS, errata 01) that our logs use, closed where the standard is closed, so that a misspelt property is noticed.
 * It is written after the standard's text: sections 3.13 log, 3.14 run, 3.18 tool, 3.19 toolComponent, 3.49 reportingDescriptor, 3.27 result, 3.28 location.
 */
const closed = (properties: Record<string, object>, required: string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const text = { type: 'string' }
const message = closed({ text }, ['text'])
const level = { enum: ['none', 'note', 'warning', 'error'] }
const list = (items: object): object => ({ type: 'array', items })

const rule = closed(
  {
    id: text,
    shortDescription: message,
    help: message,
    defaultConfiguration: closed({ enabled: { type: 'boolean' }, level }),
  },
  ['id'],
)
const location = closed({
  physicalLocation: closed({
    artifactLocation: closed({ uri: { type: 'string', pattern: '^[A-Za-z0-9._~:/%!$&()*+;=@-]*$' } }),
    region: closed({ startLine: { type: 'integer', minimum: 1 } }),
  }),
  logicalLocations: list(closed({ name: text, kind: text })),
})
const suppression = closed(
  {
    kind: { enum: ['inSource', 'external'] },
    status: { enum: ['accepted', 'underReview', 'rejected'] },
    justification: text,
  },
  ['kind'],
)
const result = closed(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations: list(location),
    partialFingerprints: { type: 'object', additionalProperties: text },
    suppressions: list(suppression),
  },
  ['message'],
)
const run = closed(
  {
    tool: closed({ driver: closed({ name: text, rules: list(rule) }, ['name']) }, ['driver']),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    results: list(result),
  },
  ['tool'],
)

export const sarifSchema = closed({ $schema: text, version: { const: '2.1.0' }, runs: list(run) }, ['version', 'runs'])
