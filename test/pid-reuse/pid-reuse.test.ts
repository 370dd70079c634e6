import { expect, test } from 'bun:test'
import { join } from 'node:path'

const rounds = process.env.IZA_PORTS_RELIABILITY === 'long' ? 1000 : 100
// A namespace of its own for pids, whose last pid may then be set.
const namespace = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
const mayUnshare = Bun.spawnSync([...namespace, 'true']).success
const why = mayUnshare ? '' : ' (skipped: pid namespaces need root)'

interface Rounds {
  used: number
  sameTick: number
  foreign: number
}

async function play(...words: string[]): Promise<Rounds> {
  const child = Bun.spawn([...namespace, process.execPath, join(import.meta.dir, 'rounds.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [text] = await Promise.all([child.stdout.text(), child.exited])
  return JSON.parse(text) as Rounds
}

test.skipIf(!mayUnshare)(`no foreign process gets a signal whose pid was another's${why}`, async () => {
  const { used, foreign } = await play(String(rounds))
  console.log(`pids used again ${used} of ${rounds}, foreign processes signalled ${foreign}`)
  expect(used).toBeGreaterThan(rounds / 2)
  expect(foreign).toBe(0)
})

test.skipIf(!mayUnshare)(`taking the first look for good would hit some of them${why}`, async () => {
  const { sameTick, foreign } = await play('40', 'careless')
  expect(sameTick).toBeGreaterThan(0)
  expect(foreign).toBe(sameTick)
})
