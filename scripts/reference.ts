/**
 * Writes `docs/reference/` and `schema/` from the tables in the code. With `--check` nothing is written, and a difference is a failure.
 */
import { rules } from '../src/core/audit/audit.ts'
import { problems } from '../src/core/problems.ts'
import { exportFormats } from '../src/formats/export.ts'
import { registryFileJsonSchema } from '../src/formats/registry-file.ts'
import { helpOf } from '../src/cli/help.ts'
import { operations } from '../src/operations/index.ts'

const note = '<!-- Written by scripts/reference.ts from the code. Do not edit. -->'

async function commands(): Promise<string> {
  const loaded = await Promise.all(Object.values(operations).map((load) => load()))
  const sections = loaded.map(
    (operation) =>
      `## ports ${operation.name}\n\n*${operation.effect}*\n\n\`\`\`\n${helpOf(operation).trim()}\n\`\`\`\n`,
  )
  return ['# Commands', note, '', ...sections].join('\n')
}

function findings(): string {
  const rows = rules.map(({ id, level }) => `| [\`${id}\`](#${id}) | ${level} |`)
  const sections = rules.map(({ id, level, summary, remedy }) => `## ${id}\n\n*${level}*\n\n${summary}\n\n${remedy}\n`)
  return [
    '# Rules of the audit',
    note,
    '',
    'In the order in which `ports check` tells them: the most harmful first. A level is changed with `ports rule set RULE LEVEL`, one finding is accepted with `ports accept RULE SERVICE --why "..."`.',
    '',
    '| rule | level |',
    '| --- | --- |',
    ...rows,
    '',
    ...sections,
  ].join('\n')
}

function errors(): string {
  const exits = { refused: 1, invalid: 2, outside: 3, interrupted: 130 }
  const rows = Object.entries(problems).map(([code, { kind }]) => `| \`${code}\` | ${kind} | ${exits[kind]} |`)
  return [
    '# Problems',
    note,
    '',
    'Every error has a stable code, and says what to do next. With `--json` it stands under `error`.',
    '',
    '| code | kind | exit code |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

function exportForms(): string {
  const rows = Object.entries(exportFormats).map(([name, { what }]) => `| \`${name}\` | ${what} |`)
  const use = 'Written with `ports export --format NAME`, to standard output or with `--file FILE`.'
  return ['# Forms of export', note, '', use, '', '| name | what it is |', '| --- | --- |', ...rows, ''].join('\n')
}

const files: Record<string, string> = {
  'docs/reference/exports.md': exportForms(),
  'docs/reference/commands.md': await commands(),
  'docs/reference/rules.md': findings(),
  'docs/reference/problems.md': errors(),
  'schema/registry.schema.json': `${JSON.stringify(registryFileJsonSchema(), null, 2)}\n`,
}

let differences = 0
for (const [path, text] of Object.entries(files)) {
  const file = Bun.file(path)
  if ((await file.exists()) && (await file.text()) === text) continue
  differences++
  if (process.argv.includes('--check'))
    console.error(`${path} does not say what the code says: run 'sh scripts/bun scripts/reference.ts'`)
  else await Bun.write(path, text)
}
process.exit(process.argv.includes('--check') && differences ? 1 : 0)
