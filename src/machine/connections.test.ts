import { expect, test } from 'bun:test'
import { parseEnds, readConnections } from './connections.ts'
import { capturedProcNet } from './listeners/captured.fixture.ts'
import { bothWays, cleanUp, cleanUpAfterEach, listenOn, runProgram, until } from './live.fixture.ts'

cleanUpAfterEach()

bothWays('connections', () => {
  test('names the process at the other end, over both families, and counts a listener as none', async () => {
    const { port } = listenOn('*')
    expect(readConnections(port)).toEqual([])
    const program = `for (const hostname of ['127.0.0.1', '::1'])
      await Bun.connect({ hostname, port: Number(process.argv[1]), socket: { data() {} } })
      console.log('connected')`
    const { child } = await runProgram(program, String(port))
    const seen = await until(async () => {
      const connections = readConnections(port)
      return connections.length === 2 && connections
    }, 'both connections are accepted')
    expect(seen.map(({ address }) => String(address)).toSorted()).toEqual(['127.0.0.1', '::1'])
    for (const { clients, port: own, peerPort } of seen) {
      expect(own).toBe(port)
      expect(peerPort).not.toBe(port)
      expect(clients).toMatchObject([{ pid: child.pid }])
    }
  })

  test('a connection that we made from a port is not one to it', async () => {
    const { port } = listenOn('127.0.0.1')
    const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } })
    cleanUp(() => socket.end())
    await until(async () => readConnections(port).length === 1, 'it is there')
    const [made] = readConnections(port)
    expect(made && readConnections(made.peerPort).map(({ peerPort }) => peerPort)).toEqual([port])
  })
})

test('reads only established connections of a captured text', () => {
  expect(parseEnds(capturedProcNet.tcp).map(({ port, peerPort, inode }) => [port, peerPort, inode])).toEqual([
    [60444, 9302, 123031],
    [9302, 60444, 123032],
  ])
})
