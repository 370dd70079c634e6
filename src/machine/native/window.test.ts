import { describe, expect, test } from 'bun:test'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { openLibc } from './libc.ts'
import { terminalColumns } from './window.ts'

const ask = `
  const { openLibc } = await import(${JSON.stringify(join(import.meta.dir, 'libc.ts'))})
  const { terminalColumns } = await import(${JSON.stringify(join(import.meta.dir, 'window.ts'))})
  console.log('columns: ' + terminalColumns(openLibc(), 1))`

/** What a child says of its terminal. */
async function toldIn(columns: number): Promise<string> {
  let said = ''
  const child = Bun.spawn([process.execPath, '-e', ask], {
    terminal: { cols: columns, rows: 24, data: (_terminal, bytes) => void (said += new TextDecoder().decode(bytes)) },
  })
  await child.exited
  child.terminal?.close()
  return said.trim()
}

describe.skipIf(process.platform !== 'linux')('the columns of a terminal', () => {
  test.each([[80], [33], [1000]])('%i are told', async (columns) =>
    expect(await toldIn(columns)).toBe(`columns: ${columns}`),
  )

  test('a file has none, nor has a closed descriptor, nor where no system call can be made', () => {
    const file = openSync('/dev/null', 'r')
    expect(terminalColumns(openLibc(), file)).toBeNull()
    closeSync(file)
    expect(terminalColumns(openLibc(), file)).toBeNull()
    expect(terminalColumns(null, 1)).toBeNull()
  })
})
