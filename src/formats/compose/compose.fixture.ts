import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ComposeCase } from '../../../test/fixtures/compose/case.ts'
import type { ComposeProject } from '../../core/compose.ts'
import { readCompose } from './read.ts'
import type { ReadProject } from './read.ts'

const root = join(import.meta.dir, '../../..')

/** A real Compose 2, or Compose 1, or why there is none. Under `CI` there has to be one. */
export function findCompose(script: 'compose' | 'compose-1' = 'compose'): { binary: string | null; why: string } {
  const found = Bun.spawnSync(['sh', join(root, 'scripts', script)], { stdout: 'pipe', stderr: 'pipe' })
  const binary = found.stdout.toString().trim()
  return found.exitCode === 0 ? { binary, why: '' } : { binary: null, why: found.stderr.toString().trim() }
}

/** Writes the case into a folder of its own, gives the folder, and removes it afterwards. */
export async function inFolder<Result>(
  files: Readonly<Record<string, string>>,
  act: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'iza-ports-compose-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return await act(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `docker compose config --format json` of the case, or null where Compose refuses it. */
export async function realConfig(
  compose: string,
  one: Omit<ComposeCase, 'name'>,
  folder: string,
): Promise<{ json: string | null; said: string }> {
  const words = [
    ...(one.use ?? ['compose.yaml']).flatMap((file) => ['-f', file]),
    ...(one.envFiles ?? []).flatMap((file) => ['--env-file', file]),
    ...(one.profiles ?? []).flatMap((profile) => ['--profile', profile]),
  ]
  const child = Bun.spawn([compose, ...words, 'config', '--format', 'json'], {
    cwd: folder,
    env: { HOME: folder, PATH: '/usr/bin:/bin', ...one.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [code, out, said] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { json: code === 0 ? out : null, said }
}

/** The case as our reader sees it, its files in memory or in a folder. */
export async function readCase(one: Omit<ComposeCase, 'name'>, folder = ''): Promise<ReadProject> {
  return await readCompose({
    files: (one.use ?? ['compose.yaml']).map((file) => join(folder, file)),
    directory: null,
    environment: one.environment ?? {},
    envFiles: (one.envFiles ?? []).map((file) => join(folder, file)),
    profiles: one.profiles ?? [],
    name: null,
    read: (path) => (folder ? fromDisk(path) : (one.files[path] ?? null)),
  })
}

function fromDisk(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** What the services that start publish, one line each, in an order that does not depend on the reader. */
export function publishedLines(project: ComposeProject): string[] {
  const lines = project.services
    .filter(({ active }) => active)
    .flatMap(({ name, publishes }) =>
      publishes.map(({ hostIp, published, publishedTo, target, protocol, mode, name: port, appProtocol }) => {
        return `${name}: ${hostIp ?? ''} ${published ?? 'any'}-${publishedTo ?? ''} ${target}/${protocol} ${mode} ${port} ${appProtocol}`
      }),
    )
  return [...new Set(lines)].toSorted()
}
