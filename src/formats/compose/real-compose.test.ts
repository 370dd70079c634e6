import { describe, expect, test } from 'bun:test'
import { entryCases, refusedEntryCases } from '../../../test/fixtures/compose/entries.ts'
import { linkedCases, refusedLinkCases } from '../../../test/fixtures/compose/linked.ts'
import { mergedCases, refusedMergeCases } from '../../../test/fixtures/compose/merged.ts'
import { stackCases } from '../../../test/fixtures/compose/stacks.ts'
import { refusedVariableCases, variableCases } from '../../../test/fixtures/compose/variables.ts'
import { isProblem } from '../../core/problem.ts'
import { findCompose, inFolder, publishedLines, readCase, realConfig } from './compose.fixture.ts'
import { readConfigJson } from './config-json.ts'

const { binary, why } = findCompose()
const taken = [...entryCases, ...mergedCases, ...linkedCases, ...variableCases, ...stackCases]
const refused = [...refusedEntryCases, ...refusedMergeCases, ...refusedLinkCases, ...refusedVariableCases]

const title = `${taken.length} projects read and ${refused.length} refused like the real Compose`

describe.skipIf(binary === null)(`${title}${why && ` (skipped: ${why})`}`, () => {
  test.each(taken.map((one) => [one.name, one] as const))('publishes the same: %s', async (_, one) => {
    await inFolder(one.files, async (folder) => {
      const { json, said } = await realConfig(binary ?? '', one, folder)
      if (json === null) throw new Error(`Compose refuses it: ${said}`)
      const { project } = await readCase(one, folder)
      expect(publishedLines(project)).toEqual(publishedLines(readConfigJson(json, 'config').project))
      const running = project.services.filter(({ active }) => active).map(({ name }) => name)
      expect(running.toSorted()).toEqual(Object.keys(JSON.parse(json).services).toSorted())
    })
  })

  test.each(refused.map((one) => [one.name, one] as const))('refuses the same: %s', async (_, one) => {
    await inFolder(one.files, async (folder) => {
      const { json } = await realConfig(binary ?? '', one, folder)
      expect(json).toBeNull()
      const error = await readCase(one, folder).catch((problem: unknown) => problem)
      if (!isProblem(error)) throw new Error(`our reader takes it, or fails: ${JSON.stringify(error)}`)
    })
  })
})
