import type { Operation } from '../operations/operation.ts'
import { kebab, parametersOf } from './arguments.ts'
import type { Parameter } from './arguments.ts'

/** All commands, a line each. */
export async function overview(operations: Readonly<Record<string, () => Promise<Operation>>>): Promise<string> {
  const loaded = await Promise.all(Object.values(operations).map((load) => load()))
  const width = Math.max(...loaded.map(({ name }) => name.length))
  return [
    'The port authority of this machine: which service should have which port, and who really has it.',
    '',
    '  ports                                     the board: every range, service, verdict and holder',
    '  ports start "Service Name" 3000 "command"  start a service on its port',
    '  ports kill 3000                           end whoever listens there, and nobody else',
    '',
    'Commands:',
    ...loaded.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Every command has --json, --store URL and --help. Exit codes: 0 done, 1 the answer is no, 2 wrong input, 3 the outside failed, 130 interrupted.',
    '',
  ].join('\n')
}

/** One sentence, examples, then what it takes. */
export function helpOf(operation: Operation): string {
  const parameters = parametersOf(operation)
  const positional = operation.positional.flatMap((key) => parameters.filter((parameter) => parameter.key === key))
  const options = parameters.filter((parameter) => !positional.includes(parameter))
  const rows: [string, string][] = [
    ...positional.map((parameter): [string, string] => [placeholder(parameter), describe(parameter)]),
    ...options.map((parameter): [string, string] => [optionOf(parameter), describe(parameter)]),
    ...(operation.name === 'logs'
      ? ([['-f, --follow', 'go on with what is written from now on']] as [string, string][])
      : []),
    ['--json', 'the answer as data'],
    ['--store URL', 'another registry than the default: sqlite:///path/to/registry.db'],
  ]
  const width = Math.max(...rows.map(([left]) => left.length))
  return [
    operation.summary,
    '',
    ...operation.examples.map((example) => `  ${example}`),
    '',
    `Usage: ports ${[operation.name, ...positional.map(placeholder)].join(' ')} [options]`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()),
    '',
  ].join('\n')
}

function placeholder({ key, required, kind }: Parameter): string {
  const name = `${key.toUpperCase()}${kind === 'values' ? '...' : ''}`
  return required ? name : `[${name}]`
}

function optionOf({ key, kind }: Parameter): string {
  return kind === 'flag' ? `--${kebab(key)}` : `--${kebab(key)} ${key.toUpperCase()}`
}

function describe({ description, preset }: Parameter): string {
  return (typeof preset === 'string' && preset !== '') || typeof preset === 'number'
    ? `${description} (${preset})`.trimStart()
    : description
}
