import { expect, test } from 'bun:test'
import { copyFileSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Holder } from '../../core/listener.ts'
import { port } from '../../core/port.ts'
import { linuxMachine } from '../linux.ts'
import {
  bothWays,
  cleanUp,
  cleanUpAfterEach,
  firstLine,
  listenOn,
  ownName,
  run,
  runProgram,
  temporaryFolder,
  until,
} from '../live.fixture.ts'

const machine = linuxMachine()
cleanUpAfterEach()
const listening = `const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } }); console.log(listener.port)`

async function holdersOf(number: number, extent: 'all' | 'kin' = 'all'): Promise<readonly Holder[]> {
  const rows = await machine.listeners({ ports: new Set([port(number)]), holders: extent })
  return rows.flatMap(({ holders }) => holders)
}

bothWays('holders', () => {
  test('describes a holder', async () => {
    const folder = temporaryFolder()
    const child = run([process.execPath, '-e', `${listening}; // \u00e9t\u00e9`], { cwd: folder })
    const [holder] = await until(async () => {
      const rows = await machine.listeners({ protocol: 'tcp', holders: 'all' })
      const found = rows.flatMap(({ holders }) => holders).filter(({ pid }) => pid === child.pid)
      return found.length > 0 && found
    }, 'the program listens')
    expect(holder).toMatchObject({
      name: basename(process.execPath),
      cwd: folder,
      session: (await rowOf(child.pid))?.session,
    })
    expect(holder?.command).toBe(`${process.execPath} -e ${listening}; // \u00e9t\u00e9`)
    expect(Math.abs(Date.now() - Date.parse(holder?.startedAt ?? ''))).toBeLessThan(20_000)
    expect(holder?.user).toBe(ownName())
  })

  test('keeps every holder of an inherited socket, eldest first', async () => {
    const listener = listenOn('127.0.0.1')
    const first = run(['sleep', '60'], { fd: listener.fd })
    const second = run(['sleep', '60'], { fd: listener.fd })
    const pids = (await holdersOf(listener.port)).map(({ pid }) => pid)
    expect(pids[0]).toBe(process.pid)
    expect(new Set(pids)).toEqual(new Set([process.pid, first.pid, second.pid]))
  })

  test('finds the child that kept the socket when its parent died', async () => {
    const listener = listenOn('127.0.0.1')
    const shell = run(['sh', '-c', 'sleep 60 >/dev/null & echo $!'], { fd: listener.fd })
    const orphan = Number(await new Response(shell.stdout).text())
    cleanUp(() => process.kill(orphan, 'SIGKILL'))
    await shell.exited
    listener.stop()
    const holders = await until(async () => {
      const found = await holdersOf(listener.port)
      return found.every(({ pid }) => pid !== process.pid) && found
    }, 'our own copy is closed')
    expect(holders.map(({ pid, name }) => ({ pid, name }))).toEqual([{ pid: orphan, name: 'sleep' }])
  })

  test('finds the youngest holder with its kin, and no strangers that the socket was handed to', async () => {
    const listener = listenOn('127.0.0.1')
    const shell = run(['setsid', '--fork', 'sh', '-c', 'echo $$; exec sleep 60 >/dev/null'], { fd: listener.fd })
    const stranger = Number(await new Response(shell.stdout).text().then((text) => text.trim()))
    cleanUp(() => process.kill(stranger, 'SIGKILL'))
    // The clock that tells young from old counts in hundredths of a second.
    await Bun.sleep(20)
    const child = run(['sleep', '60'], { fd: listener.fd })
    const pids = async (extent: 'all' | 'kin'): Promise<number[]> =>
      (await holdersOf(listener.port, extent)).map(({ pid }) => pid)
    expect(await pids('all')).toEqual([process.pid, stranger, child.pid])
    expect(await pids('kin')).toEqual([process.pid, child.pid])
  })

  test('gives command lines as they are, up to 4096 bytes of them', async () => {
    const { child, line } = await runProgram(listening, 'two\nlines', '\u001b[31mred', 'x'.repeat(100_000))
    const [holder] = await holdersOf(Number(line))
    expect(holder?.command).toStartWith(`${process.execPath} -e ${listening} two\nlines \u001b[31mred xxx`)
    expect(holder?.command).toHaveLength(4096)
    expect((await rowOf(child.pid))?.arguments.at(-1)).toHaveLength(100_000)
  })

  test('leaves a character out that the limit tears, and looks again as if nothing had been', async () => {
    const before = Buffer.byteLength(`${process.execPath} -e ${listening} `)
    const { line } = await runProgram(listening, `${(4096 - before) % 2 ? '' : 'x'}${'é'.repeat(4096)}`)
    for (const _ of ['first', 'second']) {
      const [holder] = await holdersOf(Number(line))
      expect(Buffer.byteLength(holder?.command ?? '')).toBe(4095)
      expect(holder?.command).toMatch(/^[ -~\n]*é+$/)
    }
  })

  test('replaces what is not UTF-8 in a command line', async () => {
    const child = run(['sh', '-c', `exec "$0" -e "$1" "$(printf 'a\\377b')"`, process.execPath, listening])
    const [holder] = await until(async () => {
      const rows = await machine.listeners({ protocol: 'tcp', holders: 'all' })
      const found = rows.flatMap(({ holders }) => holders).filter(({ pid }) => pid === child.pid)
      return found.length > 0 && found
    }, 'the program listens')
    expect(holder?.command).toEndWith(' a\ufffdb')
  })

  test('names a program whose file was deleted, as after an update', async () => {
    const listener = listenOn('127.0.0.1')
    const path = join(temporaryFolder(), 'server')
    copyFileSync(process.execPath, path)
    const child = run([path, '-e', 'console.log(1); setInterval(() => {}, 1000)'], { fd: listener.fd })
    await firstLine(child.stdout)
    rmSync(path)
    expect((await holdersOf(listener.port)).find(({ pid }) => pid === child.pid)?.name).toBe('server')
  })

  test('is not led astray by a process that calls itself ") R 1 1 ("', async () => {
    const listener = listenOn('127.0.0.1')
    const path = join(temporaryFolder(), ') R 1 1 (')
    symlinkSync(process.execPath, path)
    const child = run([path, '-e', 'setInterval(() => {}, 1000)'], { fd: listener.fd })
    const holder = await until(
      async () => (await holdersOf(listener.port)).find(({ pid }) => pid === child.pid),
      'it holds',
    )
    const row = await rowOf(child.pid)
    expect(row).toMatchObject({ parent: process.pid, start: holder.start })
    expect(await machine.alive(holder)).toBe(true)
  })

  test('survives processes that vanish while it looks', async () => {
    const listener = listenOn('127.0.0.1')
    const over = new AbortController()
    const churn = (async () => {
      while (!over.signal.aborted)
        await Promise.all(Array.from({ length: 8 }, async () => await Bun.spawn(['true']).exited))
    })()
    for (let look = 0; look < 40; look++) {
      const holders = await holdersOf(listener.port, look % 2 === 0 ? 'all' : 'kin')
      expect(holders.map(({ pid }) => pid)).toEqual([process.pid])
      await Bun.sleep(0)
    }
    over.abort()
    await churn
  })
})

async function rowOf(wanted: number) {
  return (await machine.processes()).find(({ pid }) => pid === wanted)
}
