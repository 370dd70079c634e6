import { expect, test } from 'bun:test'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Box } from './leaks.fixture.ts'

const hour = 3_600_000

/** A box with a claim `web` of a workspace that is gone. */
async function withGoneWorkspace(): Promise<{ box: Box; port: number; folder: string }> {
  const box = new Box()
  const folder = join(box.home, 'gone')
  mkdirSync(join(folder, '.git'), { recursive: true })
  const port = await box.claim('web', {}, folder)
  rmSync(folder, { recursive: true })
  return { box, port, folder }
}

test('a leak is freed after three sightings five minutes apart, and only when somebody says yes', async () => {
  const { box, port } = await withGoneWorkspace()
  expect(await box.gc(true)).toEqual(['web workspace-gone held 1x waits'])
  expect(await box.gc(true)).toEqual(['web workspace-gone held 1x waits'])
  box.pass(299_000)
  expect(await box.gc(true)).toEqual(['web workspace-gone held 1x waits'])
  box.pass(1_000)
  expect(await box.gc(true)).toEqual(['web workspace-gone held 2x waits'])
  box.pass(300_000)
  expect(await box.gc()).toEqual(['web workspace-gone held 3x could-be-freed'])
  box.pass(100 * hour)
  expect(await box.gc()).toEqual(['web workspace-gone held 3x could-be-freed'])
  expect(await box.ports()).toEqual([port])
  expect(await box.gc(true)).toEqual(['web workspace-gone held 3x freed'])
  expect(await box.ports()).toEqual([])
  expect((await box.world.registry.read()).services).toEqual([])
  expect(await box.gc(true)).toEqual([])
  expect(await box.sightings()).toEqual([])
})

test('nothing is freed while somebody listens, and being used once makes every sighting before it worth nothing', async () => {
  const { box, port } = await withGoneWorkspace()
  expect(await box.look(3)).toEqual(['web workspace-gone held 3x could-be-freed'])
  box.listening.add(port)
  expect(await box.gc(true)).toEqual(['web workspace-gone held used waits'])
  expect(await box.ports()).toEqual([port])
  box.listening.delete(port)
  expect(await box.gc(true)).toEqual(['web workspace-gone held 1x waits'])
})

test('a workspace that is there again, and a claim that was changed, begin anew', async () => {
  const { box, folder } = await withGoneWorkspace()
  await box.look(3)
  mkdirSync(folder)
  expect(await box.gc(true)).toEqual([])
  rmSync(folder, { recursive: true })
  expect(await box.gc(true)).toEqual(['web workspace-gone held 1x waits'])
  await box.look(3)
  const [claim] = (await box.world.registry.read()).allocations
  const changes = [{ do: 'hold', id: claim?.id ?? '', fence: claim?.fence ?? 0, session: null } as const]
  await box.world.registry.commit({ id: 'changed', at: '', changes })
  expect(await box.gc(true)).toEqual(['web workspace-gone held 1x waits'])
})

test('after a reboot a sighting counts only once the machine has run for long enough', async () => {
  const { box } = await withGoneWorkspace()
  await box.look(2)
  box.reboot()
  expect(await box.gc(true)).toEqual(['web workspace-gone held 2x waits'])
  box.pass(300_000)
  expect(await box.gc()).toEqual(['web workspace-gone held 3x could-be-freed'])
})

test('what was made for a time is not over earlier because a clock jumped by an hour, in either direction', async () => {
  const box = new Box()
  await box.claim('soon', { ttl: '90m' })
  box.wall += hour
  box.pass(0.75 * hour)
  expect(await box.look(4)).toEqual([])
  box.wall -= 2 * hour
  box.pass(0.5 * hour)
  expect(await box.look(4)).toEqual([])
  box.wall += hour
  expect(await box.look(3)).toEqual(['soon expired held 3x could-be-freed'])
})

test('across a reboot, where nothing measured the time, a wall clock that is an hour fast frees nothing early', async () => {
  const box = new Box()
  await box.claim('soon', { ttl: '2h' })
  box.pass(1.5 * hour)
  box.reboot()
  box.wall += hour
  expect(await box.look(4)).toEqual([])
  box.pass(hour)
  expect(await box.look(3)).toEqual(['soon expired held 3x could-be-freed'])
})

test('a claim of a workspace that is there is wanted, however long nobody uses it; that of a mere name for days only', async () => {
  const box = new Box()
  mkdirSync(join(box.home, '.git'))
  await box.claim('web')
  await box.claim('db', { owner: 'ci' })
  expect(await box.look(5)).toEqual(['db unused held 1x waits'])
  expect(await box.look(3, 24 * 60)).toEqual(['db unused held 3x could-be-freed'])
})

test('a claim whose session is lost becomes suspect, then quarantined, then free, and is nobody else’s before', async () => {
  const box = new Box()
  mkdirSync(join(box.home, '.git'))
  const port = await box.claim('web')
  const { registry } = box.world
  const session = await registry.openSession({ id: 's', owner: 'o', host: 'box', ttl: 30_000 })
  const [claim] = (await registry.read()).allocations
  const hold = { do: 'hold', id: claim?.id ?? '', fence: claim?.fence ?? 0, session: 's' } as const
  await registry.commit({ id: 'hold', at: '', changes: [hold] })

  expect(await box.gc(true)).toEqual([])
  box.wall += hour
  expect(await box.gc(true)).toEqual([])
  box.pass(29_000)
  await session.renew()
  expect(await box.gc(true)).toEqual([])
  box.pass(29_000)
  expect(await box.gc(true)).toEqual([])
  box.pass(1_000)
  expect(await box.gc(true)).toEqual(['web session-lost suspect 1x waits'])
  expect(await registry.sessions()).toEqual([])

  box.listening.add(port)
  expect(await box.look(5)).toEqual(['web session-lost suspect used waits'])
  box.listening.delete(port)
  expect(await box.gc(true)).toEqual(['web session-lost suspect 1x waits'])
  box.pass(300_000)
  expect(await box.gc(true)).toEqual(['web session-lost quarantined 2x waits'])
  expect(await box.look(3)).toEqual(['web session-lost quarantined 3x could-be-freed'])
  expect(await box.ports()).toEqual([port])
  expect(await box.claim('web')).toBe(port)
  expect((await registry.read()).allocations[0]).not.toHaveProperty('standing')
  expect(await box.look(5)).toEqual([])
})
