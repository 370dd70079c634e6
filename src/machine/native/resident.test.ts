import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { openLibc } from './libc.ts'
import { letGoOfProgram, unchangedParts } from './resident.ts'

const mapping = (place: string, rights: string, path: string, changed: number): string =>
  `${place} ${rights} 00000000 fe:00 12   ${path}\nSize:   4 kB\nRss:  4 kB\nAnonymous:    ${changed} kB\nVmFlags: rd mr\n`

test('names what of a file is mapped and unchanged', () => {
  const smaps = [
    mapping('00200000-01a39000', 'r--p', '/bin/a program', 0),
    mapping('01a40000-0684a000', 'r-xp', '/bin/a program', 0),
    mapping('0684a000-06850000', 'rw-p', '/bin/a program', 0),
    // Filled in by the loader, and closed for writing after that.
    mapping('06850000-06858000', 'r--p', '/bin/a program', 8),
    mapping('7f0000000000-7f0000001000', 'r-xp', '/lib/libc.so.6', 0),
    mapping('7f0000001000-7f0000002000', 'rw-p', '', 4),
  ].join('')
  expect(unchangedParts(smaps, '/bin/a program')).toEqual([
    { from: 0x200000, to: 0x1a39000 },
    { from: 0x1a40000, to: 0x684a000 },
  ])
  expect(unchangedParts('', '/bin/a program')).toEqual([])
})

test('lets go of the program, which goes on', () => {
  const ofFiles = (): number => Number(/^RssFile:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1])
  const before = ofFiles()
  letGoOfProgram(openLibc())
  expect(ofFiles()).toBeLessThan(before / 2)
  expect([3, 1, 2].toSorted((a, b) => a - b)).toEqual([1, 2, 3])
})
