/**
 * Builds `dist/ports-TARGET` for every system, from here. The compiler fetches the runtime of each other system from where Bun is published: without a way there only this system's own is built, and the
 * exit code is 1. What runs here is started once.
 */
import { mkdirSync } from 'node:fs'

const targets = ['bun-linux-x64', 'bun-linux-arm64', 'bun-darwin-x64', 'bun-darwin-arm64', 'bun-windows-x64'] as const
const own = `bun-${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

mkdirSync('dist', { recursive: true })
let missing = 0
for (const target of targets) {
  const outfile = `dist/ports-${target.slice('bun-'.length)}${target.includes('windows') ? '.exe' : ''}`
  const [good, words] = await build(target, outfile)
  if (!good) missing++
  console.log(`${good ? 'built  ' : 'MISSING'} ${outfile} ${words}`)
}
process.exit(missing ? 1 : 0)

async function build(target: (typeof targets)[number], outfile: string): Promise<[boolean, string]> {
  // In a process of its own: where a runtime cannot be fetched the compiler may end whoever called it.
  const words = [
    'build',
    '--compile',
    '--minify',
    '--splitting',
    '--format=esm',
    '--entry-naming=[name].[ext]',
    'src/cli/main.ts',
    'src/machine/listeners/second-walker.ts',
    '--outfile',
    outfile,
  ]
  const other = target === own ? [] : [`--target=${target}`]
  const child = Bun.spawn([process.execPath, ...words, ...other], { stdout: 'pipe', stderr: 'pipe' })
  const timer = setTimeout(() => child.kill(), 120_000)
  const [, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  clearTimeout(timer)
  if (code !== 0) return [false, `(${errors.trim().split('\n').at(-1) ?? `exit ${code}`})`]
  if (target !== own) return [true, '(not started: it is for another system)']
  const { exitCode, stdout } = Bun.spawnSync([outfile, '--version'])
  return [exitCode === 0, `(--version: ${stdout.toString().trim()})`]
}
