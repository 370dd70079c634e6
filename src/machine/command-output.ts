import { Problem } from '../core/problem.ts'

/** What a program of the system writes, in plain English and without a terminal. Exit code 1 is what lsof gives where it finds nothing. Throws `tool-missing`. */
export async function outputOf(command: readonly [string, ...string[]]): Promise<string> {
  const [program] = command
  if (!Bun.which(program)) throw new Problem('tool-missing', { program })
  const child = Bun.spawn([...command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  const [text] = await Promise.all([child.stdout.text(), child.exited])
  return text
}
