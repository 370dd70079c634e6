import { count, printable } from '../../core/text.ts'
import type { Undo } from '../../operations/undo.ts'

export function showUndo({ revision, at, plan, dryRun }: Undo): string {
  const what = `Change ${revision} of ${at}`
  const head = dryRun ? `${what} would be taken back:` : `${what} is taken back, in ${count(plan.length, 'step')}:`
  const moved = plan.some((step) => step.startsWith('move '))
  const after = [
    ...(moved ? ["Files are not touched: 'ports drift' tells which of them say another port."] : []),
    ...(dryRun ? [] : ["'ports undo' brings it again."]),
  ]
  return [head, ...plan.map((step) => `  ${step}`), ...after].map((line) => `${printable(line)}\n`).join('')
}
