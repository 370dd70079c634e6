import { describe, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Person, binary, seed } from '../ports.fixture.ts'
import type { Ran } from '../ports.fixture.ts'
import { freePort } from '../free-port.fixture.ts'

const person = new Person()
const escapes = '\u001b[31m\u009b2J\u202eevil'

/** One clear error: the code as designed, nothing on standard output, words that say what and a hint that says what to do. */
function expectRefusal({ code, out, err }: Ran, exit: number, words: string | RegExp): void {
  expect([code, out]).toEqual([exit, ''])
  expect(err).toMatch(/^ports: .+\n.+\n$/s)
  expect(err).toMatch(words instanceof RegExp ? words : new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(err).not.toContain('    at ')
}

describe('ports', () => {
  for (const text of ['0', '65536', '-1', '3e3', ' 3000 ', '３０００', '99999999999', '']) {
    test(`${JSON.stringify(text)} is refused by every command that takes a port`, async () => {
      for (const command of [
        ['kill', '--', text],
        ['reserve', 'Web', '--', text],
        ['start', 'Web', '--', text, 'sleep 1'],
        ['move', 'Web', '--', text],
      ]) {
        expectRefusal(await person.ports(...command), 2, 'is not a port')
      }
    })
  }

  test('a block that runs backwards is refused', async () => {
    expectRefusal(
      await person.ports('kill', '3010-3000'),
      2,
      '3010-3000 runs backwards\nWrite the lower port first: 3000-3010.',
    )
  })
})

describe('names', () => {
  const names: [string, string][] = [
    ['an empty one', ''],
    ['spaces', '   '],
    ['10,000 characters', 'x'.repeat(10_000)],
    ['terminal escapes', escapes],
    ['a line break', 'a\nb'],
    ['a NUL-like control', 'a\u0001b'],
  ]
  for (const [what, name] of names) {
    test(`${what} names no service and no range`, async () => {
      expectRefusal(await person.ports('reserve', name, '3000'), 2, 'cannot name a service')
      expectRefusal(await person.ports('start', name, String(freePort()), 'sleep 1'), 2, 'cannot name a service')
      expectRefusal(await person.ports('range', 'add', name, '3000', '3099'), 2, 'cannot name a range')
      expect((await person.json<{ services: unknown[] }>('list')).services).toEqual([])
    })
  }

  test('a name that nobody has is answered with the nearest one', async () => {
    const other = new Person()
    await other.ports('import', seed)
    expectRefusal(
      await other.ports('release', 'Promethues'),
      2,
      "no service is called 'Promethues'\nDid you mean 'Prometheus'?",
    )
    expectRefusal(await other.ports('list', '--range', 'Databse Services'), 2, "Did you mean 'Database Services'?")
  })
})

test('escapes in the title of a process reach no terminal', async () => {
  const port = freePort()
  const title = `"${process.execPath}" -e '/*${escapes}*/ Bun.serve({port: ${port}, fetch: () => new Response("")})'`
  expect((await person.ports('start', 'Titled', String(port), title)).code).toBe(0)
  for (const words of [[], ['who', String(port)], ['status', '--json'], ['kill', String(port), '--dry-run']]) {
    const { out } = await person.ports(...words)
    expect(out).toContain('evil')
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  }
  await person.ports('stop', 'Titled')
  await person.ports('release', 'Titled')
})

describe('commands', () => {
  test('one that does not exist is answered with the nearest one', async () => {
    expectRefusal(await person.ports('satus'), 2, "there is no command 'satus'\nDid you mean 'status'?")
    expectRefusal(await person.ports('constructor'), 2, "there is no command 'constructor'")
    expectRefusal(await person.ports('range', 'ad'), 2, "there is no command 'range ad'\nDid you mean 'range add'?")
    expectRefusal(await person.ports('kil', '3000'), 2, "there is no command 'kil'\nDid you mean 'kill'?")
    expectRefusal(await person.ports('frobnicate'), 2, "'ports help' lists the commands.")
    expectRefusal(await person.ports(escapes), 2, 'there is no command')
  })

  test('wrong arguments say what is wrong and where help is', async () => {
    expectRefusal(await person.ports('kill'), 2, /missing required argument.*\n.*ports kill --help/)
    expectRefusal(await person.ports('kill', '3000', '--frobnicate'), 2, /unknown option.*\n.*ports kill --help/)
    expectRefusal(await person.ports('kill', '3000', '--timeout', 'soon'), 2, /timeout.*\n.*ports kill --help/)
    expectRefusal(await person.ports('reserve', 'A', '3000', '--protocol', 'sctp'), 2, /protocol/)
    expectRefusal(
      await person.ports('reserve', 'A', '3000', '--address', '300.1.1.1'),
      2,
      "'300.1.1.1' is not an address",
    )
  })

  test('with --json the error is data as well', async () => {
    const { out, code } = await person.ports('kill', '0', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'port-invalid', kind: 'invalid', facts: { text: '0' }, hint: expect.any(String) },
    })
  })

  test('output into a closed pipe is no failure', async () => {
    const other = new Person()
    await other.ports('import', seed)
    const { err } = await other.run(['/bin/sh', '-c', `"${binary}" status --json | head -c 1 >/dev/null`])
    expect(err).toBe('')
  })
})

describe('documents', () => {
  const documents: [string, string | Uint8Array, RegExp][] = [
    ['an empty one', '', /holds no port table: it is empty/],
    ['a binary one', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1]), /holds no port table/],
    ['one of 50 MB', 'x'.repeat(50 * 2 ** 20), /holds no port table: .*MB/],
    ['one without a table', '# Hello\n\nJust words.\n', /holds no port table/],
  ]
  for (const [what, content, words] of documents) {
    test(`${what} is refused, and the registry stays as it is`, async () => {
      const file = join(person.home, 'document.md')
      writeFileSync(file, content)
      expectRefusal(await person.ports('import', file), 2, words)
      expectRefusal(await person.ports('import', 'document.md', '--dry-run'), 2, words)
    })
  }

  test('a missing one and a folder are named', async () => {
    expectRefusal(await person.ports('import', 'nowhere.md'), 2, /there is no file/)
    expectRefusal(await person.ports('import', person.home), 3, /cannot be read: it is a folder/)
  })

  test('the same service twice is told with both lines, and the rest is imported', async () => {
    const other = new Person()
    writeFileSync(
      join(other.home, 'twice.md'),
      '| Service | Port |\n|---|---|\n| A | 3000 |\n| B | 3001 |\n| A | 3002 |\n| C | 3001 |\n',
    )
    const { code, out, err } = await other.ports('import', 'twice.md')
    expect(code).toBe(1)
    expect(out + err).toMatch(/line 5: A stands already at line 3/)
    expect(out + err).toMatch(/line 6: 3001\/tcp belongs to B/)
    expect((await other.json<{ services: unknown[] }>('list')).services).toHaveLength(2)
    expect(
      (await other.json<{ findings: { rule: string }[] }>('check', 'twice.md')).findings.map(({ rule }) => rule),
    ).toContain('duplicate-port')
  })
})

describe('the registry file', () => {
  /** A person whose registry holds the user's document, and the path of its file. */
  async function withRegistry(): Promise<{ other: Person; file: string }> {
    const other = new Person()
    await other.ports('import', seed)
    return { other, file: join(other.home, '.local/share/iza-ports/registry.db') }
  }

  test('garbage is refused by reading and by writing, and stays what it was', async () => {
    const { other, file } = await withRegistry()
    writeFileSync(file, 'this is no database, and it is longer than the header of one would be'.repeat(100))
    const before = readFileSync(file)
    for (const words of [[], ['list'], ['reserve', 'A', '3333'], ['import', seed]])
      expectRefusal(await other.ports(...words), 3, /is damaged.*\n.*Move the file away/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('a truncated one is refused', async () => {
    const { other, file } = await withRegistry()
    truncateSync(file, 5000)
    expectRefusal(await other.ports('list'), 3, /is damaged/)
  })

  test('killing works beside a broken registry', async () => {
    const { other, file } = await withRegistry()
    writeFileSync(file, 'garbage'.repeat(1000))
    expect((await other.ports('kill', String(freePort()))).code).toBe(0)
  })

  test('one of a newer version is refused', async () => {
    const { other, file } = await withRegistry()
    const { Database } = await import('bun:sqlite')
    const database = new Database(file)
    database.run('PRAGMA user_version = 999')
    database.close()
    expectRefusal(await other.ports('list'), 3, /written by a newer version/)
  })

  test('a full disk leaves the registry as it was', async () => {
    const { other } = await withRegistry()
    // A limit on the size of files stands for a disk that is full, and needs no root.
    const result = await other.run(['/bin/sh', '-c', `ulimit -f 0; trap '' XFSZ; exec "${binary}" reserve Full 3333`])
    expect(result.code).toBe(3)
    expect(result.err).toMatch(/full|nothing was changed/)
    expect((await other.json<{ services: unknown[] }>('list')).services).toHaveLength(40)
  })

  test('a folder that may not be written is told, and reading works', async () => {
    if (process.getuid?.() !== 0) return chmodCase(await withRegistry())
    // Root may write anything: the same as an unprivileged user.
    const { other, file } = await withRegistry()
    const folder = join(file, '..')
    chmodSync(other.home, 0o755)
    for (const path of ['.local', '.local/share', '.local/share/iza-ports']) chmodSync(join(other.home, path), 0o755)
    chmodSync(file, 0o644)
    const as = (words: string): Promise<Ran> =>
      other.run([
        'setpriv',
        '--reuid',
        '65534',
        '--clear-groups',
        '/bin/sh',
        '-c',
        `IZA_PORTS_HOME='${folder}' '${reachable()}' ${words}`,
      ])
    expect((await as('list')).out).toContain('Grafana')
    expectRefusal(await as('reserve A 3333'), 3, /may not be written|cannot be reached/)
  })

  test('a store that is not known and a home that cannot be made are refused', async () => {
    expectRefusal(await person.ports('list', '--store', 'mysql://x'), 2, /only sqlite:\/\/ and etcd:\/\/ are known/)
    expectRefusal(await person.ports('list', '--store', 'sqlite://relative.db'), 2, /absolute/)
    const file = join(person.home, 'a-file')
    writeFileSync(file, '')
    expectRefusal(
      await person.ports('reserve', 'A', '3333', '--store', `sqlite://${file}/registry.db`),
      3,
      /cannot be reached/,
    )
  })

  test('--store puts the registry where it says', async () => {
    const file = join(person.home, 'with space', 'r.db')
    expect((await person.ports('reserve', 'A', '3333', '--store', `sqlite://${file.replace(' ', '%20')}`)).code).toBe(0)
    expect(existsSync(file)).toBe(true)
    expect((await person.ports('list')).out).not.toContain('3333')
  })
})

function chmodCase({ other, file }: { other: Person; file: string }): Promise<void> {
  chmodSync(file, 0o400)
  chmodSync(join(file, '..'), 0o500)
  return (async () => {
    expect((await other.ports('list')).out).toContain('Grafana')
    expectRefusal(await other.ports('reserve', 'A', '3333'), 3, /may not be written|cannot be reached/)
    chmodSync(join(file, '..'), 0o700)
  })()
}

/** The binary at a place that other users can reach: a clone may lie in a home that is closed to them. */
function reachable(): string {
  const folder = '/tmp/iza-ports-test-binary'
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const copy = join(folder, `ports-${process.pid}`)
  writeFileSync(copy, readFileSync(binary), { mode: 0o755 })
  return copy
}
