import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import type { Mention, MentionName, PlacedMention } from '../../core/mention.ts'
import { isProblem, Problem } from '../../core/problem.ts'
import { LinePlaces } from '../../formats/mentions/line-places.ts'
import { UnreadableText } from '../../formats/mentions/mention-at.ts'
import type { Call } from '../operation.ts'
import type { World } from '../world.ts'
import { walk } from './walk.ts'
import type { FoundFile } from './walk.ts'

/** No file that a person keeps ports in comes near this; a bundle or a log does. */
const mostBytes = 1024 * 1024

/** A file that could not be understood. Line and column are 0 where it could not even be read. */
interface Broken {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly why: string
}

export interface Scan {
  readonly folder: string
  /** In the order of file and place. `file` is a path from the caller's folder, or absolute where it lies elsewhere. */
  readonly mentions: readonly PlacedMention[]
  /** What the files say that have mentions, by `file`. */
  readonly texts: ReadonlyMap<string, { readonly path: string; readonly text: string }>
  readonly broken: readonly Broken[]
  readonly counts: {
    readonly seen: number
    readonly read: number
    readonly large: number
    readonly binary: number
    readonly links: number
  }
}

/**
 * Every port that the files of a folder speak of. A file that cannot be read or understood is told in `broken`, and the others are read all the same.
 * Throws `file-missing` and `file-unreadable` for the folder itself, and `interrupted`.
 */
export async function scanMentions(world: World, call: Call, given: string): Promise<Scan> {
  const folder = isAbsolute(given) ? given : join(call.cwd, given)
  const mentions: PlacedMention[] = []
  const texts = new Map<string, { path: string; text: string }>()
  const broken: Broken[] = []
  const counts = { seen: 0, read: 0, large: 0, binary: 0, links: 0 }
  const shown = (path: string): string => {
    const short = relative(call.cwd, path)
    return short.startsWith('..') ? path : short
  }
  try {
    const { files, seen, links, unreadable } = await walk(world, call, folder)
    Object.assign(counts, { seen, links })
    broken.push(...unreadable.map(({ path, why }) => ({ file: shown(path), line: 0, column: 0, why })))
    let told = world.clock.elapsed()
    for (const [index, file] of files.entries()) {
      call.signal.throwIfAborted()
      await readFile(file)
      if (world.clock.elapsed() - told > 500) {
        told = world.clock.elapsed()
        call.progress(`Read ${index + 1} of ${files.length} files`)
      }
    }
  } catch (error) {
    if (!call.signal.aborted) throw error
    throw new Problem('interrupted', { what: 'Looking for ports', left: 'Nothing was changed.' })
  }
  return { folder, mentions, texts, broken, counts }

  async function readFile(found: FoundFile): Promise<void> {
    const file = shown(found.path)
    let text = ''
    try {
      const part = await world.files.tail(found.path, 0, mostBytes + 1)
      text = part.text
      if (part.end > mostBytes) counts.large++
      // What is not UTF-8 would not be written back as it was.
      else if (text.includes('\0') || text.includes('\ufffd')) counts.binary++
      else {
        counts.read++
        const read = await found.kind.load()
        const placed = place(read(text), text, file, found)
        if (placed.length) texts.set(file, { path: found.path, text })
        mentions.push(...placed)
      }
    } catch (error) {
      if (error instanceof UnreadableText)
        broken.push({ file, why: error.message, ...new LinePlaces(text).of(error.offset) })
      else if (error instanceof RangeError)
        broken.push({ file, line: 0, column: 0, why: 'it is nested too deep to be understood' })
      else if (isProblem(error)) broken.push({ file, line: 0, column: 0, why: error.message })
      else throw error
    }
  }
}

/** Mentions with their places; what only listens is also named by its folder. */
function place(
  mentions: readonly Mention[],
  text: string,
  file: string,
  { path, workspace }: FoundFile,
): PlacedMention[] {
  if (mentions.length === 0) return []
  const places = new LinePlaces(text)
  const folder: MentionName = { by: 'folder', text: projectFolder(path) }
  return mentions.map((mention) => {
    const isOwn = mention.side === 'listens' && mention.publish === null
    const names = isOwn ? [...mention.names, folder] : mention.names
    return { ...mention, names, file, workspace, ...places.of(mention.start) }
  })
}

/** The folder that the file is about: of `shop/.vscode/launch.json` that is `shop`. */
function projectFolder(path: string): string {
  let folder = dirname(path)
  while (basename(folder).startsWith('.') && folder !== dirname(folder)) folder = dirname(folder)
  return basename(folder)
}
