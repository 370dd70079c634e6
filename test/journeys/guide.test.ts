import { expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort } from '../free-port.fixture.ts'
import { Person, binary, seed } from '../ports.fixture.ts'

const guides = join(import.meta.dir, '../../docs/guide')

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

/** Whether the output is what is shown, where `...` stands for any lines and `…` for anything in one. */
function fits(output: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown
  if (first === undefined) return output.length === 0
  if (first !== '...') return isLike(output[0], first) && fits(output.slice(1), rest)
  return output.some((_, index) => fits(output.slice(index), rest)) || fits([], rest)
}

function isLike(line: string | undefined, shown: string): boolean {
  const parts = shown.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return line !== undefined && new RegExp(`^${parts.join('.*')}$`).test(line)
}

/** Types every command of the guide, in the folders that it goes to. */
async function type(person: Person, steps: readonly Step[]): Promise<void> {
  person.environment.PATH = `${dirname(binary)}:${person.environment.PATH}`
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
}

test('everything that the guide to conflicts shows is what the program does', async () => {
  const text = await Bun.file(join(guides, 'conflicts.md')).text()
  const person = new Person()
  const shop = join(person.home, 'shop')
  mkdirSync(shop)
  copyFileSync(seed, join(person.home, 'ports.md'))
  writeFileSync(join(shop, 'compose.yaml'), /^```yaml\n(.*?)^```$/ms.exec(text)?.[1] ?? '')
  writeFileSync(join(shop, '.env'), /^```sh\n(.*?)^```$/ms.exec(text)?.[1] ?? '')
  const steps = stepsOf(text)
  expect(steps.length).toBeGreaterThan(15)
  await type(person, steps)
})

test('everything that the guide to killing shows is what the program does', async () => {
  let text = await Bun.file(join(guides, 'killing.md')).text()
  for (const port of new Set(text.match(/\b243\d\d\b/g))) text = text.replaceAll(port, String(freePort()))
  const steps = stepsOf(text)
  expect(steps.length).toBeGreaterThan(6)
  await type(new Person(), steps)
})
