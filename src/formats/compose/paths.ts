/** Paths as text, for a room that never touches the disk. Compose's own rules: `/` separates, and a relative path starts at some folder. */

/** The path without `.`, `..` and doubled slashes, where that can be told from the text. */
export function normalise(path: string): string {
  const absolute = path.startsWith('/')
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    const last = kept.at(-1)
    if (part === '..' && last !== undefined && last !== '..') kept.pop()
    else if (part !== '..' || !absolute) kept.push(part)
  }
  const joined = kept.join('/')
  return absolute ? `/${joined}` : joined || '.'
}

/** The path as seen from where the folder's own path starts. */
export function resolveIn(folder: string, path: string): string {
  return normalise(path.startsWith('/') ? path : `${folder}/${path}`)
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  if (slash < 0) return '.'
  return slash === 0 ? '/' : path.slice(0, slash)
}

/** How `path` is written from `folder`; both start at the same place. Begins with `./` or `../`, so that Compose takes it for a path. */
export function relativeTo(folder: string, path: string): string {
  const from = partsOf(folder)
  const to = partsOf(path)
  let shared = 0
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++
  // Above a folder of unknown name nothing can be said: the path stays as it is.
  if (from.slice(shared).includes('..')) return path
  const up = from.slice(shared).map(() => '..')
  const down = to.slice(shared)
  return up.length ? [...up, ...down].join('/') : ['.', ...down].join('/')
}

function partsOf(path: string): string[] {
  const normal = normalise(path)
  return normal === '.' ? [] : normal.split('/').filter((part, index) => part !== '' || index === 0)
}
