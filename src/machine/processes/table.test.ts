import { expect, test } from 'bun:test'
import { readFileSync, statSync } from 'node:fs'
import { readProcesses } from './table.ts'

test.skipIf(process.platform !== 'linux')(
  'a row is what /proc tells, of threads of the kernel too, where they can be seen',
  () => {
    const rows = readProcesses()
    const own = rows.find(({ pid }) => pid === process.pid)
    expect(own).toMatchObject({ kernel: false, uid: process.getuid?.(), arguments: expect.arrayContaining(['test']) })
    // A worker of the kernel is called after what it does at the moment, and goes.
    const lasting = rows.filter(({ kernel, name }) => kernel && !name.startsWith('kworker'))
    for (const { pid, uid, name, arguments: words } of lasting) {
      expect([uid, name, words.join('\0')]).toEqual([
        statSync(`/proc/${pid}`).uid,
        readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^\d+ \((.*)\) .*\n$/s, '$1'),
        readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      ])
    }
  },
)
