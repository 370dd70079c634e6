import { describe, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryCases } from '../../../test/fixtures/compose/entries.ts'
import { linkedCases } from '../../../test/fixtures/compose/linked.ts'
import { mergedCases } from '../../../test/fixtures/compose/merged.ts'
import { stackCases } from '../../../test/fixtures/compose/stacks.ts'
import { host, registryOf } from '../../core/compose-plan.fixture.ts'
import { planCompose, portAfter } from '../../core/compose-plan.ts'
import type { ComposePlan } from '../../core/compose-plan.ts'
import type { ComposeProject } from '../../core/compose.ts'
import type { Registry } from '../../core/registry.ts'
import { findCompose, inFolder, publishedLines, readCase, realConfig } from './compose.fixture.ts'
import { readConfigJson } from './config-json.ts'
import { writeOverride } from './write-override.ts'
import { writeStandalone } from './write-standalone.ts'

const { binary, why } = findCompose()
// One of each kind: what differs between the others is the reading.
const cases = [...entryCases, ...mergedCases, ...linkedCases, ...stackCases.slice(0, 16)]

/** A registry that gives each service of the project other ports than it publishes, beside each other where they were. */
function movingRegistry(project: ComposeProject): Registry {
  let next = 20_000
  const ports = project.services.map(({ name, publishes }) => {
    const numbers = publishes.map(({ protocol }) => `${next++}/${protocol}`)
    return [name, numbers.filter((text) => !text.endsWith('/sctp'))] as const
  })
  return registryOf(Object.fromEntries(ports))
}

/** What the project publishes when the plan is done. */
function plannedLines(project: ComposeProject, plan: ComposePlan): string[] {
  const services = project.services.map((service) => {
    const steps = plan.steps.filter(({ publish }) => publish.service === service.name)
    const publishes = steps.map((step) => {
      const publishedTo = step.action === 'move' ? null : step.publish.publishedTo
      return { ...step.publish, published: portAfter(step), publishedTo }
    })
    return { ...service, publishes }
  })
  return publishedLines({ ...project, services })
}

describe.skipIf(binary === null)(`makes the real Compose publish the plan${why && ` (skipped: ${why})`}`, () => {
  test.each(cases.map((one) => [one.name, one] as const))('with an override: %s', async (_, one) => {
    await inFolder(one.files, async (folder) => {
      const { project } = await readCase(one, folder)
      const plan = planCompose(project, movingRegistry(project), host)
      const text = writeOverride(plan)
      const moves = plan.steps.filter(({ action }) => action === 'move')
      expect(text === null).toBe(moves.length === 0)
      if (text === null) return
      writeFileSync(join(folder, 'iza.override.yml'), text)
      const both = { ...one, use: [...(one.use ?? ['compose.yaml']), 'iza.override.yml'] }
      const { json, said } = await realConfig(binary ?? '', both, folder)
      if (json === null) throw new Error(`Compose refuses it: ${said}\n${text}`)
      expect(publishedLines(readConfigJson(json, 'config').project)).toEqual(plannedLines(project, plan))
      expect(publishedLines((await readCase(both, folder)).project)).toEqual(plannedLines(project, plan))
    })
  })

  test.each(cases.map((one) => [one.name, one] as const))('with a file that stands alone: %s', async (_, one) => {
    await inFolder(one.files, async (folder) => {
      const { project, merged } = await readCase(one, folder)
      const plan = planCompose(project, movingRegistry(project), host)
      const text = writeStandalone(merged, plan)
      expect(text).not.toMatch(/!(override|reset)/)
      writeFileSync(join(folder, 'alone.yml'), text)
      const { json, said } = await realConfig(binary ?? '', { ...one, envFiles: [], use: ['alone.yml'] }, folder)
      if (json === null) throw new Error(`Compose refuses it: ${said}\n${text}`)
      expect(bindings(publishedLines(readConfigJson(json, 'config').project))).toEqual(
        bindings(plannedLines(project, plan)),
      )
    })
  })
})

/** Without what Compose 1 cannot say and no engine needs: mode, name and application protocol. */
function bindings(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ \S+ \S+ \S+$/, ''))
}
