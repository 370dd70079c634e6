import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { web } from '../../../test/fixtures/compose/case.ts'
import type { ComposeCase } from '../../../test/fixtures/compose/case.ts'
import { linkedCases } from '../../../test/fixtures/compose/linked.ts'
import { stackCases } from '../../../test/fixtures/compose/stacks.ts'
import { host, registryOf } from '../../core/compose-plan.fixture.ts'
import { planCompose, portAfter } from '../../core/compose-plan.ts'
import { findCompose, inFolder, readCase } from './compose.fixture.ts'
import { readConfigJson } from './config-json.ts'
import { writeStandalone } from './write-standalone.ts'

const { binary, why } = findCompose('compose-1')

const cases: readonly ComposeCase[] = [
  {
    name: 'every kind of entry',
    files: {
      'compose.yaml': web(
        '"127.0.0.1:3000:80"',
        '"3100-3102:81-83/udp"',
        '{target: 90, published: 3300, host_ip: 127.0.0.1, name: n, app_protocol: http, mode: host}',
        '{target: 91, published: "3400", protocol: udp}',
        '22:22',
      ),
    },
  },
  ...linkedCases.filter(({ name }) => /own folder|own variables|from two/.test(name)),
  ...stackCases.slice(0, 6),
]

describe.skipIf(binary === null)(`a stand-alone file in Compose 1${why && ` (skipped: ${why})`}`, () => {
  test.each(cases.map((one) => [one.name, one] as const))('publishes the plan: %s', async (_, one) => {
    await inFolder(one.files, async (folder) => {
      const { project, merged } = await readCase(one, folder)
      const registered = project.services.map(({ name }, index) => [name, [20_000 + index]] as const)
      const plan = planCompose(project, registryOf(Object.fromEntries(registered)), host)
      writeFileSync(join(folder, 'alone.yml'), writeStandalone(merged, plan))
      const { exitCode, stdout, stderr } = run(folder, 'alone.yml')
      if (exitCode !== 0) throw new Error(stderr.toString())
      const read = readConfigJson(stdout.toString(), 'config').project.services.flatMap(({ publishes }) => publishes)
      const published = read.map(
        (publish) => `${publish.hostIp} ${publish.published} ${publish.target}/${publish.protocol}`,
      )
      const planned = plan.steps.map((step) => {
        const { hostIp, target, protocol } = step.publish
        return `${hostIp} ${portAfter(step)} ${target}/${protocol}`
      })
      expect(published.toSorted()).toEqual(planned.toSorted())
    })
  })

  test('is needed, since Compose 1 knows no !override', async () => {
    await inFolder({ 'compose.yaml': web('80').replace('ports:', 'ports: !override') }, async (folder) => {
      expect(run(folder, 'compose.yaml').exitCode).not.toBe(0)
    })
  })
})

function run(folder: string, file: string) {
  const words = [binary ?? '', '-f', file, 'config']
  return Bun.spawnSync(words, { cwd: folder, stdout: 'pipe', stderr: 'pipe' })
}
