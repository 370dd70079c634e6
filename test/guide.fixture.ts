export interface Step {
  readonly command: string
  readonly shown: string[]
}

/** Every command of the guide, with the lines that the guide shows of its output. */
export function stepsOf(text: string): Step[] {
  const lines = [...text.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block.trimEnd().split('\n'),
  )
  const steps: Step[] = []
  for (const line of lines) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), shown: [] })
    else steps.at(-1)?.shown.push(line)
  }
  return steps
}

/** Whether the output is what is shown, where `...` stands for any lines and `…` for anything in one. */
export function fits(output: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown
  if (first === undefined) return output.length === 0
  if (first !== '...') return isLike(output[0], first) && fits(output.slice(1), rest)
  return output.some((_, index) => fits(output.slice(index), rest)) || fits([], rest)
}

function isLike(line: string | undefined, shown: string): boolean {
  const parts = shown.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return line !== undefined && new RegExp(`^${parts.join('.*')}$`).test(line)
}
