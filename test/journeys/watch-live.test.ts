import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Person, binary, serverCommand } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const tmux = Bun.which('tmux')
const folder = mkdtempSync(join(tmpdir(), 'iza-ports-tmux-'))
const person = new Person()

/** A server of its own for these tests, under its own socket, with one window in which a shell runs. */
function tell(...words: string[]): string {
  const { stdout } = Bun.spawnSync([tmux ?? '', '-S', join(folder, 'socket'), '-f', '/dev/null', ...words], {
    env: { ...person.environment, TERM: 'xterm-256color' },
  })
  return stdout.toString()
}

afterAll(() => {
  if (tmux) tell('kill-server')
  rmSync(folder, { recursive: true, force: true })
})

const screen = (): string => tell('capture-pane', '-p')
const isOther = (): boolean => tell('display-message', '-p', '#{alternate_on}').trim() === '1'

async function until(look: () => unknown, what: string): Promise<void> {
  for (const deadline = performance.now() + 30_000; !(await look());) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}; the screen shows:\n${screen()}`)
    await Bun.sleep(50)
  }
}

async function begin(): Promise<void> {
  tell('send-keys', 'clear', 'Enter')
  tell('send-keys', `${binary} watch; echo "ended with $?"`, 'Enter')
  await until(() => isOther() && screen().includes('finding'), 'the board is there')
}

test.skipIf(!tmux)('the live board in a real terminal (needs tmux)', async () => {
  const port = freePort()
  await person.ports('start', 'Shop', String(port), serverCommand())
  tell('new-session', '-d', '-x', '90', '-y', '30', 'sh')
  await begin()
  await until(() => new RegExp(`${port} +Shop +active`).test(screen()), 'the service is active')

  tell('send-keys', '?')
  await until(() => screen().includes('shows the plan, then asks'), 'the keys are shown')
  tell('send-keys', 'n')
  tell('send-keys', '/', 'Shop')
  await until(() => screen().startsWith('/Shop'), 'the filter is shown')
  tell('send-keys', 'Enter')
  tell('send-keys', 'x')
  await until(() => screen().includes(`${port} would be freed by ending:`), 'the plan is shown')
  tell('send-keys', 'n')
  await until(() => screen().includes('nothing was done'), 'the plan was refused')
  expect(screen()).toMatch(/Shop +active/)

  tell('resize-window', '-x', '20', '-y', '10')
  await until(
    () =>
      screen()
        .split('\n')
        .some((line) => line.startsWith(`${port}  Shop`)),
    'it fits 20 columns',
  )
  tell('resize-window', '-x', '90', '-y', '30')
  tell('send-keys', 'x')
  await until(() => screen().includes('y: do it'), 'it asks')
  tell('send-keys', 'y')
  await until(() => screen().includes(`${port} is free`), 'the port is free')
  tell('send-keys', 'n')
  await until(() => /Shop +reserved/.test(screen()), 'the board knows')
  tell('send-keys', 's')
  await until(() => screen().includes(`Shop listens on ${port}`), 'it is started again')

  tell('send-keys', 'C-c')
  await until(() => !isOther() && screen().includes('ended with 0'), 'the terminal is as it was')
  expect(tell('display-message', '-p', '#{cursor_flag}').trim()).toBe('1')
  await begin()
  const shell = tell('display-message', '-p', '#{pane_pid}').trim()
  const children = (await Bun.file(`/proc/${shell}/task/${shell}/children`).text()).trim()
  process.kill(Number(children), 'SIGTERM')
  await until(() => !isOther() && screen().includes('ended with 0'), 'the terminal is as it was after SIGTERM')
  tell('send-keys', 'stty -a', 'Enter')
  await until(() => /[^-]icanon/.test(screen()) && /[^-]echo /.test(screen()), 'the terminal takes lines again')
})
