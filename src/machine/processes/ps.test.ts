import { expect, test } from 'bun:test'
import { outputOf } from '../command-output.ts'
import { cleanUpAfterEach, run } from '../live.fixture.ts'
import { parsePs, psCommand } from './ps.ts'
import { readProcesses } from './table.ts'

cleanUpAfterEach()

test.skipIf(!Bun.which('ps'))('ps tells the same of a process as the kernel does (needs ps)', async () => {
  const { pid } = run(['sleep', '61.5'])
  const row = parsePs(await outputOf(psCommand)).find((one) => one.pid === pid)
  const told = readProcesses().find((one) => one.pid === pid)
  expect(told).toBeDefined()
  for (const key of ['parent', 'group', 'uid', 'name', 'terminal'] as const)
    expect(row?.[key]).toBe(told?.[key] as never)
  expect(row).toMatchObject({ command: 'sleep 61.5', ended: false })
  expect(Math.abs((row?.start ?? 0) - Date.now() / 1000)).toBeLessThan(100_000)
})

test('reads the form that macOS and Linux share', () => {
  const text = `    1     0     1     0 Ss   ??       Wed Nov 25 08:00:01 2026 /sbin/launchd
 4242   400  4242   501 S+   ttys001  Wed Nov 25 22:24:05 2026 /usr/local/bin/node server.js --port 3000
 4300  4242  4242   501 Z    ttys001  Sun Nov  1 02:04:05 2026 (node)
no line of ps
`
  expect(parsePs(text)).toMatchObject([
    { pid: 1, terminal: false, name: 'launchd', ended: false },
    {
      pid: 4242,
      parent: 400,
      group: 4242,
      uid: 501,
      terminal: true,
      name: 'node',
      command: '/usr/local/bin/node server.js --port 3000',
    },
    { pid: 4300, ended: true },
  ])
})
