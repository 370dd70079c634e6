import { expect, test } from 'bun:test'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary } from '../ports.fixture.ts'
import type { Ran } from '../ports.fixture.ts'

const person = new Person()
const web = join(person.home, 'web')
mkdirSync(join(web, 'node_modules/.bin'), { recursive: true })
const run = (...command: string[]): Promise<Ran> => person.run([binary, 'run', '--', ...command], web)

/** A program of that name which only tells what it was called with: what is tested is what reaches it through npm's real argument handling. */
function standIn(name: string): void {
  const path = join(web, 'node_modules/.bin', name)
  writeFileSync(path, '#!/bin/sh\necho "$0 $* PORT=$PORT" | sed "s,.*/,,"\n')
  chmodSync(path, 0o755)
}

for (const name of ['vite', 'ng']) standIn(name)
const scripts = { dev: 'vite', outer: 'npm run dev', start: 'ng serve', docs: 'python3 -m http.server' }
writeFileSync(join(web, 'package.json'), JSON.stringify({ scripts }))

test('a framework that ignores PORT gets its flag, also through the scripts of package.json', async () => {
  const port = (await person.run([binary, 'claim', 'web'], web)).out.trim()
  const flags = `--port ${port}`
  const cases: readonly (readonly [string[], string])[] = [
    [['node_modules/.bin/vite', '--host'], `vite --host ${flags} --strictPort PORT=${port}`],
    [['npm', 'run', 'outer'], `vite ${flags} --strictPort PORT=${port}`],
    [['npm', 'start', '--', '--open'], `ng serve --open ${flags} PORT=${port}`],
    [['node_modules/.bin/vite', '--port', '3'], `vite --port 3 PORT=${port}`],
    [['node_modules/.bin/vite', '-p', '{port}'], `vite -p ${port} PORT=${port}`],
  ]
  for (const [command, line] of cases) {
    const { code, out, err } = await run(...command)
    expect([command, code, out.trim().split('\n').at(-1)]).toEqual([command, 0, line])
    expect([command, /gets --port/.test(err)]).toEqual([command, line.includes(flags)])
    if (command.includes('3')) expect(err).toContain('vite is told its port already (--port)')
  }
})

test('a real server behind npm listens on the claimed port although it ignores PORT, and a signal ends it too', async () => {
  const port = Number((await person.run([binary, 'claim', 'docs'], web)).out)
  const child = Bun.spawn([binary, 'run', '--name', 'docs', '--', 'npm', 'run', 'docs'], {
    cwd: web,
    env: person.environment,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const answers = async (): Promise<boolean> => {
    try {
      return (await fetch(`http://127.0.0.1:${port}/package.json`)).ok
    } catch {
      return false
    }
  }
  while (child.exitCode === null && !(await answers())) await Bun.sleep(20)
  expect(child.exitCode).toBeNull()
  child.kill('SIGTERM')
  // npm and its shell end with the signal; the server that they leave is ended as well before run says that it is over.
  expect(await child.exited).toBe(143)
  expect(await answers()).toBe(false)
})
