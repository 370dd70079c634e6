import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, runCommand } from './measure.ts'
import type { Candidate } from './measure.ts'

const root = join(import.meta.dir, '..')
/** The compiled program that is measured. */
export const binary = process.env.PORTS_BINARY ?? join(root, 'dist/ports')
/** The user's own document: 40 services in 8 ranges. */
export const document = join(root, 'seed/iza-os-port-management.md')

const folders: string[] = []

/** A folder that is gone when we are. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'iza-ports-bench-'))
  folders.push(folder)
  return folder
}

process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A home whose registry holds the document. */
export function homeWithDocument(): string {
  const home = temporaryFolder()
  runCommand([binary, 'import', document], { IZA_PORTS_HOME: home })
  return home
}

/** `ports ...` in a home. */
export function ports(home: string, ...words: string[]): Candidate {
  return command(`ports ${words.join(' ')}`, [binary, ...words], { IZA_PORTS_HOME: home })
}

export const ss = command('ss -tlnp', ['ss', '-tlnp'])

/** The smallest program that the compiler makes, built as ours is: what no program of ours can get below. */
export async function emptyProgram(): Promise<Candidate> {
  const folder = temporaryFolder()
  const source = join(folder, 'empty.ts')
  await Bun.write(source, 'export {}\n')
  const outfile = join(folder, 'empty')
  const built = await Bun.build({
    entrypoints: [source],
    compile: { outfile, autoloadBunfig: false, autoloadDotenv: false },
    format: 'esm',
    minify: true,
    bytecode: true,
    target: 'bun',
  })
  if (!built.success) throw new Error('the empty program could not be built')
  return command('empty program', [outfile])
}
