import { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../src/formats/exports/programs.fixture.ts'
import { Person, binary } from '../ports.fixture.ts'
import type { Ran } from '../ports.fixture.ts'

interface Claims {
  claims: { name: string; port: number; standing: string; expired: boolean; expires: string | null }[]
}

/** Debian's libfaketime: whoever is started with it sees another wall clock, and the machine's own clocks as they are. */
const { libraries, why } = findProgram('', ['libfaketime'])
const library = join(libraries, 'faketime/libfaketime.so.1')
const hour = 3_600_000
const fake = { LD_PRELOAD: library, DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' }

describe.skipIf(!existsSync(library))(`a wall clock that jumps by an hour${why && ` (skipped: ${why})`}`, () => {
  const person = new Person()
  const shop = join(person.home, 'shop')
  mkdirSync(join(shop, '.git'), { recursive: true })
  const now = (...words: string[]): Promise<Ran> => person.run([binary, ...words], shop)
  const jumped = (by: string, ...words: string[]): Promise<Ran> => {
    const variables = Object.entries({ ...fake, FAKETIME: by }).map(([name, value]) => `${name}=${value}`)
    return person.run(['env', ...variables, binary, ...words], shop)
  }
  const claimOf = async (name: string, answer: Promise<Ran>): Promise<Claims['claims'][number] | undefined> =>
    (JSON.parse((await answer).out) as Claims).claims.find((one) => one.name === name)

  test('is seen by our programs', async () => {
    for (const [by, offset] of [
      ['+1h', hour],
      ['-1h', -hour],
    ] as const) {
      const { at } = JSON.parse((await jumped(by, 'status', '--json')).out) as { at: string }
      expect(Math.abs(Date.parse(at) - Date.now() - offset)).toBeLessThan(hour / 2)
    }
  })

  test('ends no claim before its time, whichever way it jumps, and whenever the claim was made', async () => {
    const nothing = 'Every claim is in use or still wanted.\n'
    for (const made of ['+1h', '-1h', '+0h']) {
      const name = `web${made}`
      const port = (await jumped(made, 'claim', name, '--ttl', '30m')).out
      expect(port).toMatch(/^\d+\n$/)
      for (const seen of ['+1h', '-1h', '+0h']) {
        expect(await claimOf(name, jumped(seen, 'claims', '--json'))).toMatchObject({ expired: false })
        expect((await jumped(seen, 'gc', '--yes')).out).toBe(nothing)
        expect((await jumped(seen, 'claim', name)).out).toBe(port)
      }
    }
  })

  test('a time that is over stays over when the clock is put on, and is believed again when a clock put back has caught up', async () => {
    await now('claim', 'short', '--ttl', '1s')
    while (!(await claimOf('short', now('claims', '--json')))?.expired) await Bun.sleep(100)
    expect((await claimOf('short', jumped('+1h', 'claims', '--json')))?.expired).toBe(true)
    // Better to keep a claim for an hour too long than to free one that is wanted.
    expect((await claimOf('short', jumped('-1h', 'claims', '--json')))?.expired).toBe(false)
    expect((await now('gc')).out).toContain('its time is over')
  }, 60_000)

  test('loses no session, also where it jumps for a program in the midst of its run', async () => {
    const file = join(person.home, 'time')
    writeFileSync(file, '+0h')
    const child = Bun.spawn([binary, 'run', '--name', 'held', '--ttl', '20s', '--', 'sleep', '600'], {
      cwd: shop,
      env: { ...person.environment, ...fake, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    try {
      const registry = join(person.home, '.local/share/iza-ports/registry.db')
      const beat = (): number => {
        if (!existsSync(registry)) return -1
        const database = new Database(registry, { readwrite: true, create: false })
        // Whoever opens the file first makes its index anew, and shuts the others out for that time.
        database.run('PRAGMA busy_timeout = 5000')
        const row = database.query<{ beat: number }, []>('SELECT beat FROM sessions').get()
        database.close()
        return row?.beat ?? -1
      }
      while (beat() < 0) await Bun.sleep(50)
      for (const by of ['+1h', '-1h', '+0h']) {
        const before = beat()
        writeFileSync(file, by)
        while (beat() === before) await Bun.sleep(50)
        // Put on between two looks at one beat: by the wall clock it would be an hour old.
        for (const seen of ['-1h', '+0h', '+1h']) {
          expect((await jumped(seen, 'gc', '--yes')).out).not.toContain('held')
          expect(await claimOf('held', jumped(seen, 'claims', '--json'))).toMatchObject({ standing: 'held' })
        }
      }
    } finally {
      child.kill('SIGTERM')
      await child.exited
    }
  }, 120_000)
})
