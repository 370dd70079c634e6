import { expect, test } from 'bun:test'
import type { Kill } from '../../src/operations/kill/kill.ts'
import { freePort } from '../free-port.fixture.ts'
import {
  endEverythingAfterEach,
  isAlive,
  isBindable,
  kill,
  launchReady,
  listen,
  listening,
  runPorts,
} from './peers.fixture.ts'

endEverythingAfterEach()

async function planFor(port: number): Promise<string> {
  const { stdout } = await runPorts('kill', String(port), '--dry-run', '--json')
  const { plan } = JSON.parse(stdout) as Kill
  if (plan === null) throw new Error('there is nothing to plan')
  return plan
}

test('a plan is carried out while nothing changed, and the dry run says how', async () => {
  const port = freePort()
  const { pid } = await listen(port)
  const plan = await planFor(port)
  const told = await runPorts('kill', String(port), '--dry-run')
  expect(told.stdout).toContain(`ports kill ${port} --plan ${plan}\n`)
  expect(await kill(port, '--plan', plan)).toMatchObject({ code: 0, outcome: 'freed', ended: [{ pid }] })
})

test('a plan is refused where another process has the port by now, and that one stays', async () => {
  const port = freePort()
  const first = await listen(port)
  const plan = await planFor(port)
  process.kill(first.pid, 'SIGKILL')
  while (isAlive(first.pid)) await Bun.sleep(2)
  const second = await listen(port)
  const { code, stderr } = await runPorts('kill', String(port), '--plan', plan)
  expect(code).toBe(1)
  expect(stderr).toContain(`what is at ${port} is not what the plan ${plan} was made for, and nothing was ended`)
  expect(isAlive(second.pid)).toBe(true)
  expect(isBindable(port)).toBe(false)
})

test('a plan is refused where the port is free by now', async () => {
  const port = freePort()
  await listen(port)
  const plan = await planFor(port)
  expect((await kill(port)).code).toBe(0)
  const { code, stderr } = await runPorts('kill', String(port), '--plan', plan)
  expect([code, stderr.includes(`Look again: ports kill ${port} --dry-run`)]).toEqual([1, true])
})

const mayBecome = process.getuid?.() === 0

test.skipIf(!mayBecome)(
  "another person's process is asked about, and ended once it is agreed to (needs root)",
  async () => {
    const port = freePort()
    const become = ['setpriv', '--reuid=4321', '--regid=4321', '--clear-groups']
    const { pid } = await launchReady<{ pid: number }>([...become, ...listening({ host: '127.0.0.1', port })])
    const asked = await kill(port)
    expect(asked).toMatchObject({
      code: 1,
      outcome: 'refused',
      needs: 'yes',
      tier: 'warn',
      ended: [],
      heldBy: [{ pid }],
    })
    const { stdout } = await runPorts('kill', String(port))
    expect(stdout).toMatch(/is still held by .*\n {2}! \S+ is another person's\n {2}Nothing was done: say --yes/)
    expect(isAlive(pid)).toBe(true)
    expect(await kill(port, '--yes')).toMatchObject({ code: 0, outcome: 'freed', ended: [{ pid }] })
  },
)
