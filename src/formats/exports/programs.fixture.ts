import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '../../..')

/** A program of this Debian, unpacked and not installed, with the libraries beside it; or why there is none. */
export function findProgram(
  path: string,
  packages: readonly string[],
): { program: string; libraries: string; why: string } {
  const folders: string[] = []
  for (const name of packages) {
    const found = Bun.spawnSync(['sh', join(root, 'scripts/next-debian'), name, 'own'], {
      stdout: 'pipe',
      stderr: 'pipe',
    })
    if (found.exitCode !== 0) return { program: '', libraries: '', why: found.stderr.toString().trim() }
    folders.push(found.stdout.toString().trim())
  }
  const libraries = folders.flatMap((folder) => [
    ...new Bun.Glob('usr/lib/*-linux-*').scanSync({ cwd: folder, absolute: true, onlyFiles: false }),
  ])
  return { program: join(folders[0] ?? '', path), libraries: libraries.join(':'), why: '' }
}

/** Runs the program in a folder that holds these files and goes away afterwards. `{folder}` in a word is that folder. */
export async function runIn(
  files: Readonly<Record<string, string>>,
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'iza-ports-export-'))
  const filled = (text: string): string => text.replaceAll('{folder}', folder)
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), filled(text))
    const child = Bun.spawn(command.map(filled), {
      cwd: folder,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [code, out, said] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()])
    return { code, out, said }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
