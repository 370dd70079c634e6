import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Listener } from '../core/listener.ts'
import { bothWays, cleanUpAfterEach, listenOn, run } from './live.fixture.ts'
import { linuxMachine } from './linux.ts'

cleanUpAfterEach()

/** Becomes nobody once everything is loaded, so that it does not matter who may read this folder, and then looks. */
const program = `
  const [path, identity, number] = process.argv.slice(1)
  const { linuxMachine } = await import(path)
  const machine = linuxMachine()
  const ports = new Set([Number(number)])
  await machine.listeners({ ports, holders: 'all' })
  process.setgid(65534)
  process.setuid(65534)
  const answer = {
    all: await machine.listeners({ ports, holders: 'all' }),
    kin: await machine.listeners({ ports, holders: 'kin' }),
    signal: await machine.signal(JSON.parse(identity), 'KILL'),
    environment: await machine.environmentOf(JSON.parse(identity), 'PATH'),
    probe: await machine.probe({ protocol: 'tcp', address: '127.0.0.1', port: 1 }),
    processes: (await machine.processes()).filter(({ pid }) => pid === JSON.parse(identity).pid),
  }
  console.log(JSON.stringify(answer))`

const isRoot = process.getuid?.() === 0
const reason = isRoot ? '' : ' (skipped: only root can become somebody else)'
const firstOpenPort = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))

bothWays('an unprivileged user', () => {
  test.skipIf(!isRoot)(`sees root's listener without its holder, and may do nothing to it${reason}`, async () => {
    const listener = listenOn('127.0.0.1')
    const self = linuxMachine().self()
    const words = [join(import.meta.dir, 'linux.ts'), JSON.stringify(self), String(listener.port)]
    const output = await new Response(run([process.execPath, '-e', program, ...words]).stdout).text()
    const seen: Record<string, unknown> & { all: Listener[] } = JSON.parse(output)
    expect(seen.all).toMatchObject([{ port: listener.port, uid: 0, user: 'root', holders: [] }])
    expect(seen.kin).toEqual(seen.all)
    expect(seen['signal']).toBe('denied')
    expect(seen['environment']).toBeNull()
    // Containers often open every port to everybody.
    expect(seen['probe']).toBe(firstOpenPort > 1 ? 'denied' : 'free')
    expect(seen['processes']).toMatchObject([
      { ...self, uid: 0, arguments: process.execArgv.length ? expect.anything() : expect.any(Array) },
    ])
  })
})
