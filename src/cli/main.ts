#!/usr/bin/env bun
import { version } from '../../package.json'
import { showBoard } from './board.ts'
import { writeOut } from './terminal.ts'

/**
 * The forms that scripts and prompts call all day are told apart before anything else is loaded: reading arguments properly costs as much as the answer.
 * Everything else goes through `program.ts`, which is imported when it is needed; the first such import alone takes a millisecond.
 */
const words = process.argv.slice(2)
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  writeOut(`${version}\n`)
} else if (words.length === 2 && words[0] === '--keep-socket') {
  // Not for people: a process of ours that keeps a socket for a service, see `machine/keeper.ts`.
  void import('../wiring.ts').then(({ keepSocket }) => keepSocket(words[1] ?? ''))
} else {
  // A timer or a descriptor of a library must not keep a finished command alive.
  void run(words).then((code) => process.exit(code))
}

async function run(given: readonly string[]): Promise<number> {
  if (isBoard(given)) return showBoard(given.includes('--json'))
  if (isStory(given)) return (await import('./who.ts')).tellStory(given[1] ?? '', given.length === 3)
  return (await import('./program.ts')).runProgram(given)
}

function isBoard(given: readonly string[]): boolean {
  const rest = given[0] === 'status' ? given.slice(1) : given
  return rest.length === 0 || (rest.length === 1 && rest[0] === '--json')
}

function isStory([name, what, flag, ...rest]: readonly string[]): boolean {
  return name === 'who' && /^\d+$/.test(what ?? '') && (flag === undefined || flag === '--json') && rest.length === 0
}
