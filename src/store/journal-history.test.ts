import { afterEach, beforeEach, expect, test } from 'bun:test'
import { rmSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { port } from '../core/port.ts'
import type { HistoryEntry } from '../operations/world.ts'
import { runOf } from './children/run.ts'
import { startChild, until } from './children/start.ts'
import { tenure, watch } from './children/tenure.ts'
import { openJournal } from './journal.ts'
import { kept } from './sqlite/history.ts'
import { journalForm } from './sqlite/journal-form.ts'
import { SqliteFile } from './sqlite/sqlite-file.ts'

let folder = ''
let path = ''
let journal: ReturnType<typeof openJournal>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iza-ports-history-'))
  path = join(folder, 'journal.db')
  journal = openJournal({ path })
})

afterEach(async () => {
  await journal.close()
  rmSync(folder, { recursive: true, force: true })
})

function entry(fields: Partial<HistoryEntry>): HistoryEntry {
  return { watch: watch(), begun: [], ended: [], verdicts: [], ...fields }
}

const verdict = { service: 'Shop', protocol: 'tcp', port: port(3000), boot: 'b00t', from: 'reserved' } as const
const { address } = tenure('')

test('gives back what was recorded, of one port or of all, and what is not over', async () => {
  const all = [tenure('1'), tenure('2', 1500, { port: port(4000), holder: null }), tenure('3', 1600, { exact: false })]
  await journal.record(entry({ begun: all, verdicts: [{ ...verdict, address, at: 5, to: 'active' }] }))
  await journal.record(entry({ ended: [{ key: '1', until: 1800, ending: 'closed' }] }))
  const first = { ...all[0], until: 1800, ending: 'closed' }
  expect(await journal.history({})).toEqual({
    tenures: [first, all[1], all[2]] as never,
    verdicts: [{ ...verdict, address, at: 5, to: 'active' }],
    watches: [watch()],
  })
  expect((await journal.history({ port: port(3000) })).tenures.map(({ key }) => key)).toEqual(['1', '3'])
  expect((await journal.history({ open: true })).tenures.map(({ key }) => key)).toEqual(['2', '3'])
})

test('two who watch write the same down once', async () => {
  const other = openJournal({ path })
  for (const [writer, id] of [
    [journal, 'one'],
    [other, 'two'],
  ] as const) {
    const verdicts = [{ ...verdict, address, at: 900, to: 'active' as const }]
    await writer.record(entry({ watch: watch(id), begun: [tenure('1')], verdicts }))
    await writer.record(entry({ watch: watch(id), ended: [{ key: '1', until: 1200, ending: 'closed' }] }))
  }
  await other.close()
  const { tenures, verdicts, watches } = await journal.history({})
  expect([tenures.length, verdicts.length, watches.length]).toEqual([1, 1, 2])
})

test('a watch that goes on is one watch', async () => {
  for (const seen of [2000, 3000, 4000]) await journal.record(entry({ watch: watch('w', seen) }))
  expect((await journal.history({})).watches).toEqual([watch('w', 4000)])
})

test('keeps the newest tenures and every one that is not over', async () => {
  const ended = { until: 1, ending: 'closed' } as const
  const begun = [tenure('the eldest goes on')]
  for (let index = 0; index < kept.tenures + 5; index++) begun.push(tenure(`${index}`, index, ended))
  await journal.record(entry({ begun }))
  const { tenures } = await journal.history({})
  expect(tenures).toHaveLength(kept.tenures + 1)
  expect(tenures.slice(0, 2).map(({ key }) => key)).toEqual(['the eldest goes on', '5'])
  expect(statSync(path).size).toBeLessThan(15e6)
}, 30_000)

test('keeps every acknowledged tenure of programs that are killed', async () => {
  const said = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const child = startChild('history-writer', path, name)
      await until(() => child.said.length > 30, child)
      child.kill()
      return child.ended
    }),
  )
  const { tenures } = await journal.history({})
  const known = new Map(tenures.map((one) => [one.key, one]))
  expect(said.flat().length).toBeGreaterThan(60)
  expect(said.flat().filter((one) => 'begun' in one && !known.has(one.begun))).toEqual([])
  expect(said.flat().filter((one) => 'ended' in one && known.get(one.ended)?.ending !== 'closed')).toEqual([])
}, 30_000)

test('a journal from before there was a history keeps its runs and gets one', async () => {
  const old = new SqliteFile(path, { ...journalForm, steps: journalForm.steps.slice(0, 2) })
  old.write(
    () => undefined,
    (connection) =>
      connection.run(
        `INSERT INTO runs (id, service, service_key, protocol, port, command, cwd, log, boot, pid, start, started_at)
         VALUES ('1', 'Shop', 'shop', 'tcp', 3000, 'serve --port {port}', '/home/me/shop', '/logs/1.log', 'b00t', 4242, 123456, 'now')`,
      ),
  )
  old.close()
  expect(await journal.runs({})).toEqual([runOf('1')])
  await journal.record(entry({ begun: [tenure('1')] }))
  expect((await journal.history({})).tenures).toHaveLength(1)
  expect(await journal.runs({})).toEqual([runOf('1')])
})

test('has no history and makes no file before something is recorded', async () => {
  expect(await journal.history({})).toEqual({ tenures: [], verdicts: [], watches: [] })
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined()
  await journal.record(entry({}))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect((await journal.history({})).watches).toHaveLength(1)
})
