import { expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort } from '../free-port.fixture.ts'
import { fits, stepsOf } from '../guide.fixture.ts'
import type { Step } from '../guide.fixture.ts'
import { Person, binary, seed } from '../ports.fixture.ts'

const guides = join(import.meta.dir, '../../docs/guide')

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
