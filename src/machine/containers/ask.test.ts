import { expect, test } from 'bun:test'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { port } from '../../core/port.ts'
import { cleanUp, cleanUpAfterEach, temporaryFolder } from '../live.fixture.ts'
import { askEngines } from './ask.ts'
import { engineSockets } from './sockets.ts'

cleanUpAfterEach()

const id = 'c0ffee'.padEnd(64, '0')
const query = { ports: new Set([port(8080)]), ids: new Set<string>() }

/** Something on a socket that calls itself an engine; gives the environment in which it is asked, and the requests that it got. */
function pretend(answer: (request: Request) => Response | Promise<Response>) {
  const socket = join(temporaryFolder(), 'engine.sock')
  const asked: string[] = []
  const server = Bun.serve({
    unix: socket,
    fetch(request) {
      asked.push(`${request.method} ${new URL(request.url).pathname}`)
      return answer(request)
    },
  })
  cleanUp(() => server.stop(true))
  return { socket, asked, environment: { DOCKER_HOST: `unix://${socket}`, CONTAINER_HOST: 'unix:///none' } }
}

const why = async (environment: Record<string, string>) =>
  (await askEngines(query, engineSockets(environment))).unanswered.map((one) => one.why)

test('an engine that hangs is named after half a second, before and in the middle of its answer', async () => {
  const never = new Promise<Response>(() => {})
  expect(await why(pretend(() => never).environment)).toEqual(['timeout'])
  const part = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue('[') }))
  expect(await why(pretend(part).environment)).toEqual(['timeout'])
})

test.each([
  ['no JSON', () => new Response('<html>')],
  ['no list', () => Response.json({ message: 'hello' })],
  ['an error', () => Response.json([], { status: 500 })],
  ['a way elsewhere', () => Response.redirect('http://127.0.0.1:1/')],
  ['no end', () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue('x'.repeat(2 ** 20)) }))],
])('an engine that answers with %s is named and nothing of it is believed', async (_, answer) => {
  const { environment, asked } = pretend(answer)
  const { containers, unanswered } = await askEngines(query, engineSockets(environment))
  expect(containers).toEqual([])
  // What never ends is more than an engine sends, or takes too long: whichever is seen first.
  expect(['garbage', 'timeout']).toContain(unanswered[0]?.why ?? '')
  expect(asked).toEqual(['GET /containers/json'])
})

test('rows that are no containers are passed over, and only what is meant is asked further, with GET alone', async () => {
  const published = { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }
  const rows = [
    null,
    7,
    { Id: '../../etc', Ports: [published] },
    {
      Id: id,
      Names: ['/web'],
      Image: 'x:1',
      Labels: null,
      Ports: [
        published,
        { PrivatePort: 81, Type: 'tcp' },
        { ...published, IP: 'x' },
        { ...published, PublicPort: 99999 },
      ],
    },
    { Id: id.replace('c', 'd'), Ports: [{ ...published, PublicPort: 8081 }] },
  ]
  const { environment, asked } = pretend(({ url }) =>
    url.endsWith('/containers/json') ? Response.json(rows) : Response.json({ State: { Pid: 2 ** 30 } }),
  )
  const { containers, unanswered } = await askEngines(query, engineSockets(environment))
  expect(unanswered).toEqual([])
  expect(containers).toEqual([
    {
      engine: 'docker',
      id,
      name: 'web',
      image: 'x:1',
      project: null,
      service: null,
      label: null,
      folder: null,
      // Nobody of this machine: an engine in a virtual machine has pids of its own.
      pid: null,
      published: [{ protocol: 'tcp', address: '0.0.0.0' as never, port: port(8080), target: port(80), inside: null }],
    },
  ])
  expect(asked).toEqual(['GET /containers/json', `GET /containers/${id}/json`])
})

test('Podman is told by how its server calls itself', async () => {
  const row = { Id: id, Names: ['web'], Image: 'x', Ports: [{ PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }] }
  const answer = () => Response.json([row], { headers: { server: 'Libpod/5.4.0 (linux)' } })
  const { containers } = await askEngines(query, engineSockets(pretend(answer).environment))
  expect(containers).toMatchObject([{ engine: 'podman', name: 'web', published: [{ address: '0.0.0.0' }] }])
})

test('a socket that nobody has any more is down, and no socket at all is nothing to speak of', async () => {
  const { socket, environment } = pretend(() => Response.json([]))
  expect(await why(environment)).toEqual([])
  const left = join(temporaryFolder(), 'left.sock')
  const program = `Bun.listen({ unix: process.argv[1], socket: { data() {} } }); process.kill(process.pid, 'SIGKILL')`
  await Bun.spawn([process.execPath, '-e', program, left]).exited
  expect(await why({ DOCKER_HOST: `unix://${left}`, CONTAINER_HOST: 'unix:///none' })).toEqual(['down'])
  expect(await why({ DOCKER_HOST: 'unix:///none', CONTAINER_HOST: 'unix:///none' })).toEqual([])
  expect(socket).not.toBe('')
})

test('each socket is asked once, and an address elsewhere leaves the usual places', () => {
  const folder = temporaryFolder()
  const { socket } = pretend(() => Response.json([]))
  symlinkSync(socket, join(folder, 'docker.sock'))
  writeFileSync(join(folder, 'file.sock'), '')
  chmodSync(socket, 0o600)
  const none = { CONTAINER_HOST: 'unix:///none' }
  expect(engineSockets({ ...none, DOCKER_HOST: `unix://${folder}/docker.sock` })).toEqual([socket])
  expect(engineSockets({ DOCKER_HOST: `unix://${folder}/docker.sock`, CONTAINER_HOST: `unix://${socket}` })).toEqual([
    socket,
  ])
  expect(engineSockets({ ...none, DOCKER_HOST: `unix://${folder}/file.sock` })).toEqual([])
  expect(engineSockets({ ...none, DOCKER_HOST: 'ssh://elsewhere', XDG_RUNTIME_DIR: folder })).toContain(socket)
})
