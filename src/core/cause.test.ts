import { expect, test } from 'bun:test'
import { causesOf, isOrphan, programName } from './cause.ts'
import type { ProcessRow } from './process.ts'

/** `name: words` of each, nearest first; pids count down to 1 for the last. */
const lineage = (...rows: string[]): ProcessRow[] =>
  rows.map((text, index) => {
    const [name = '', ...words] = text.split(' ')
    const pid = rows.length - index
    const place = { boot: '', start: pid, parent: pid - 1, group: pid, session: pid, terminal: false, kernel: false }
    return { ...place, pid, uid: 0, name, arguments: words }
  })
const chain = (...rows: string[]): string =>
  causesOf(lineage(...rows))
    .map(({ kind, name }) => (kind === name || kind === 'program' ? name : `${kind} ${name}`))
    .join(' > ')

test('the chain tells who started it, the first cause first', () => {
  expect(
    chain(
      'node node /shop/node_modules/.bin/vite',
      'node npm run dev',
      'zsh -zsh',
      'tmux tmux new -s work',
      'systemd /lib/systemd/systemd --user',
      'systemd /sbin/init',
    ),
  ).toBe('init systemd > service-manager systemd > multiplexer tmux > shell zsh > runner npm')
  expect(
    chain(
      'python3 python3 -m http.server',
      'bash -bash',
      'sshd sshd: jo@pts/0',
      'sshd sshd: /usr/sbin/sshd -D',
      'systemd /sbin/init',
    ),
  ).toBe('init systemd > ssh sshd > shell bash')
})

test('an interpreter is called by what it runs', () => {
  const name = (words: string): string => {
    const [program = '', ...rest] = words.split(' ')
    return programName({ name: program, arguments: rest })
  }
  expect(name('node node /usr/lib/node_modules/npm/bin/npm-cli.js run dev')).toBe('npm')
  expect(name('node node /opt/lib/node_modules/@vendor/aider/cli.js')).toBe('aider')
  expect(name('node node --inspect server.js')).toBe('server')
  expect(name('node node -e code')).toBe('node')
  expect(name('node claude')).toBe('claude')
  expect(name('python3.11 /usr/bin/python3 -m flask run')).toBe('flask')
  expect(name('python3 python3 /usr/bin/supervisord -n')).toBe('supervisord')
  expect(name('bun bun run dev.ts')).toBe('dev')
  expect(name('bun.exe bun vite')).toBe('vite')
  expect(name('bash -bash')).toBe('bash')
  expect(name('node')).toBe('node')
})

test('editors, agents, cron, supervisors and containers are known', () => {
  expect(chain('node node x', 'zsh zsh', 'code /usr/share/code/code --type=utility', 'systemd /sbin/init')).toBe(
    'init systemd > editor code > shell zsh',
  )
  expect(chain('bun bun x', 'bash bash -c x', 'node codex', 'fish fish')).toBe('shell fish > agent codex > shell bash')
  expect(chain('x x', 'sh sh -c x', 'cron /usr/sbin/cron -f')).toBe('cron > shell sh')
  expect(chain('x x', 'containerd-shim-runc-v2 /usr/bin/containerd-shim-runc-v2 -id 1', 'systemd /sbin/init')).toBe(
    'init systemd > container containerd-shim-runc-v2',
  )
})

test('an orphan is known by its session and its group, not by its parent alone', () => {
  const [row, init] = lineage('node node x', 'systemd /sbin/init')
  const orphan = (given: Partial<ProcessRow>, parent: Partial<ProcessRow> = {}) =>
    isOrphan([
      { ...row, pid: 50, parent: 1, session: 40, group: 40, ...given } as ProcessRow,
      { ...init, ...parent } as ProcessRow,
    ])
  expect(orphan({})).toBe(true)
  expect(orphan({}, { pid: 30 })).toBe(true)
  // Started by systemd, and by a process that still runs.
  expect(orphan({ session: 50, group: 50 })).toBe(false)
  expect(orphan({}, { pid: 30, name: 'bash', arguments: ['bash'] })).toBe(false)
  // The whole machine is one session: started by pid 1 in its own group and in a new one, left behind by somebody's job, and of a pipeline in a container's shell.
  expect(orphan({ session: 0, group: 0 }, { session: 0, group: 0 })).toBe(false)
  expect(orphan({ session: 0, group: 50 }, { session: 0, group: 0 })).toBe(false)
  expect(orphan({ session: 0 }, { session: 0, group: 0 })).toBe(true)
  expect(orphan({ session: 1 }, { name: 'bash', terminal: true })).toBe(false)
  expect(isOrphan([])).toBe(false)
})
