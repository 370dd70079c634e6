import type { Drift } from '../../core/drift.ts'
import type { FileEdit } from '../world.ts'
import type { Scan } from './scan.ts'

/** New texts for the files of the drifts, and what changes as a unified diff. */
export interface Mending {
  readonly drifts: readonly Drift[]
  readonly edits: readonly FileEdit[]
  readonly diff: string
}

/** Replaces the digits of each drift that says what they should be, and nothing else. */
export async function planMending(drifts: readonly Drift[], { texts }: Scan): Promise<Mending> {
  const clear = drifts.filter(({ shouldSay }) => shouldSay !== null)
  const edits: FileEdit[] = []
  let diff = ''
  for (const [file, here] of Map.groupBy(clear, ({ mention }) => mention.file)) {
    const known = texts.get(file)
    if (!known) continue
    const after = replaceDigits(known.text, here)
    edits.push({ path: known.path, before: known.text, after })
    const { unifiedDiff } = await import('../../formats/unified-diff.ts')
    diff += unifiedDiff(file, known.text, after)
  }
  return { drifts: clear, edits, diff }
}

/** The text with other numbers at the drifts' places. */
export function replaceDigits(text: string, drifts: readonly Pick<Drift, 'mention' | 'shouldSay'>[]): string {
  let result = text
  for (const { mention, shouldSay } of drifts.toSorted((a, b) => b.mention.start - a.mention.start)) {
    if (shouldSay !== null) result = `${result.slice(0, mention.start)}${shouldSay}${result.slice(mention.end)}`
  }
  return result
}
