import { expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Person, binary, seed } from '../ports.fixture.ts'

const guide = join(import.meta.dir, '../../docs/guide/conflicts.md')

interface Step {
  readonly command: string
  readonly shown: string[]
}

/** Every command of the guide, with the lines that the guide shows of its output. */
function stepsOf(text: string): Step[] {
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

/** Whether the output is what is shown, where `...` stands for any lines. */
function fits(output: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown
  if (first === undefined) return output.length === 0
  if (first !== '...') return output[0] === first && fits(output.slice(1), rest)
  return output.some((_, index) => fits(output.slice(index), rest)) || fits([], rest)
}

test('everything that the guide to conflicts shows is what the program does', async () => {
  const text = await Bun.file(guide).text()
  const person = new Person()
  const shop = join(person.home, 'shop')
  mkdirSync(shop)
  copyFileSync(seed, join(person.home, 'ports.md'))
  writeFileSync(join(shop, 'compose.yaml'), /^```yaml\n(.*?)^```$/ms.exec(text)?.[1] ?? '')
  writeFileSync(join(shop, '.env'), /^```sh\n(.*?)^```$/ms.exec(text)?.[1] ?? '')
  person.environment.PATH = `${dirname(binary)}:${person.environment.PATH}`
  const steps = stepsOf(text)
  expect(steps.length).toBeGreaterThan(15)
  let folder = person.home
  for (const { command, shown } of steps) {
    if (command.startsWith('cd ')) {
      folder = join(folder, command.slice(3))
      continue
    }
    const { out, err, code } = await person.run(['sh', '-c', command], folder)
    const output = out.split('\n').filter(Boolean)
    if (code !== 0) output.push(`[exit ${code}]`)
    expect(fits(output, shown), `${command}\n${output.join('\n')}\n${err}`).toBe(true)
  }
})
