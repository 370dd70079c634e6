import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorld } from '../../wiring.ts'
import { move } from '../move.ts'
import type { Call } from '../operation.ts'
import { reserve } from '../reserve.ts'
import type { World } from '../world.ts'

const root = mkdtempSync(join(tmpdir(), 'iza-ports-moved-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const call: Call = { cwd: root, environment: { HOME: root }, signal: new AbortController().signal, progress: () => {} }

/** The world, where something happens between the commit of the registry and the writing of the files. */
function interrupted(world: World, meanwhile: () => void): World {
  const prepare: World['files']['prepare'] = async (folder, edits) => {
    const prepared = await world.files.prepare(folder, edits)
    return {
      discard: () => prepared.discard(),
      apply: async () => {
        meanwhile()
        await prepared.apply()
      },
    }
  }
  return { ...world, files: { ...world.files, prepare } }
}

test('a file that cannot be put in place takes the other files and the registry back', async () => {
  const world = await openWorld({ IZA_PORTS_HOME: join(root, 'home'), HOME: root })
  await reserve.run(world, reserve.input.parse({ name: 'Grafana', port: '3006' }), call)
  writeFileSync(join(root, 'package.json'), '{}')
  const files = ['a.env', 'b.env', 'c.env'].map((name) => join(root, name))
  for (const file of files) writeFileSync(file, 'GRAFANA_PORT=3006\n')
  let committed = 0
  const failing = interrupted(world, () => {
    committed++
    rmSync(files[1] ?? '')
    mkdirSync(files[1] ?? '')
  })
  const input = move.input.parse({ what: 'Grafana', to: '3010', files: true, yes: true, why: 'a test' })
  const error = await move.run(failing, input, call).catch((thrown: unknown) => thrown)
  expect([committed, error]).toMatchObject([1, { code: 'file-unwritable' }])
  const registry = await world.registry.read()
  expect(registry.allocations.map(({ port }) => Number(port))).toEqual([3006])
  expect(registry.resolutions).toEqual([])
  expect([files[0], files[2]].map((file) => readFileSync(file ?? '', 'utf8'))).toEqual([
    'GRAFANA_PORT=3006\n',
    'GRAFANA_PORT=3006\n',
  ])
  await world.close()
})
