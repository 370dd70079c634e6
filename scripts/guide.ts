/**
 * Writes `docs/guide/truth.md`: real servers are started, `dist/ports` looks at them, and what it says goes into the guide as it is, but for the folder that everything lies in.
 * Needs root, the network for Vite, and a built `dist/ports`. In a network and a process table of its own, so that every port is free and nobody else's process stands in a screen.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEngine, image, isOpen, startEngine, until } from '../test/compose/engine.fixture.ts'
import { findPodman, image as podmanImage, startPodman } from '../test/compose/podman.fixture.ts'
import { startPostgres, startRedis, unpack } from '../test/servers.fixture.ts'

/** 20 MB with what it needs, too much for every `npm ci`. */
const vite = 'vite@7.1.12'

const home = process.env['GUIDE_HOME']
if (home === undefined) prepareAndEnter()
else await writeGuide(home)

function prepareAndEnter(): void {
  // Inside there is no network: what is downloaded is there afterwards.
  const missing = [unpack('postgresql-15'), unpack('redis-tools'), findEngine(), findPodman()].find(
    ({ why }) => why !== '',
  )
  if (missing) throw new Error(missing.why)
  const folder = mkdtempSync(join(tmpdir(), 'guide-'))
  try {
    const shop = join(folder, 'shop')
    mkdirSync(shop)
    writeFileSync(join(shop, 'package.json'), '{"name": "@shop/web", "private": true}\n')
    writeFileSync(join(shop, 'index.html'), '<title>Shop</title>\n')
    writeFileSync(join(shop, '.gitignore'), 'node_modules\n')
    must(['npm', 'install', '--no-audit', '--no-fund', vite], shop)
    must(['git', 'init', '-qb', 'main'], shop)
    must(['git', 'add', '.'], shop)
    must(['git', '-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'shop'], shop)
    must(['git', 'worktree', 'add', '-qb', 'cart', join(folder, 'cart')], shop)
    must(['cp', '-r', join(shop, 'node_modules'), join(folder, 'cart')], shop)
    copyFileSync('dist/ports', join(folder, 'ports'))
    must(['chmod', '755', folder, join(folder, 'ports')], folder)
    const enter = [
      'unshare',
      '--net',
      '--pid',
      '--fork',
      '--mount-proc',
      'sh',
      '-c',
      'ip link set lo up; setsid -w "$@"; exit $?',
      'sh',
    ]
    must([...enter, process.execPath, import.meta.path], process.cwd(), { GUIDE_HOME: folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function must(command: string[], cwd: string, environment: Record<string, string> = {}): void {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment }
  const { exitCode } = Bun.spawnSync(command, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}`)
}

async function writeGuide(folder: string): Promise<void> {
  const environment: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: folder, NO_COLOR: '1', TZ: 'UTC' }
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const run = async (command: string[]): Promise<string> => {
    const child = Bun.spawn(command, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
    const [text] = await Promise.all([child.stdout.text(), child.exited])
    return text
  }
  const ports = async (...words: string[]): Promise<string> => await run([join(folder, 'ports'), ...words])
  const screen = async (title: string, why: string, words: string[], before: string[] = []): Promise<string> => {
    const text = await run([...before, join(folder, 'ports'), ...words])
    const shown = withoutPlaces(text.replaceAll(folder, '~')).trimEnd()
    return `## ${title}\n\n${why}\n\n\`\`\`text\n$ ports ${words.join(' ')}\n${shown}\n\`\`\`\n`
  }
  const begin = (command: string[], cwd = folder): Bun.Subprocess =>
    Bun.spawn(command, { cwd, env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
  const listens = async (port: number): Promise<void> => await until(() => isOpen(port), `${port} is open`)
  const python = (address: string, port: number, more = ''): string[] => [
    'python3',
    '-c',
    `import socket,time\ns = socket.create_server(('${address}', ${port}), family=socket.${address.includes(':') ? 'AF_INET6' : 'AF_INET'})\n${more}\ntime.sleep(600)`,
  ]
  const sections: string[] = []

  await ports('reserve', 'Shop', '5173')
  begin(['sh', '-c', 'node_modules/.bin/vite --host 127.0.0.1 --port 5173 --strictPort; true'], join(folder, 'cart'))
  await listens(5173)
  sections.push(
    await screen('A Vite dev server in a worktree', 'Which checkout serves this port, and what started it.', [
      'who',
      '5173',
    ]),
  )

  await ports('reserve', 'PostgreSQL', '5432')
  await ports('reserve', 'Sessions', '6379')
  const [database, redis] = [startPostgres(unpack('postgresql-15'), 5432), startRedis(unpack('redis-tools'), 6379)]
  for (const port of [5432, 6379]) await listens(port)
  sections.push(
    await screen('PostgreSQL, asked itself', 'The question changes nothing, and goes to the loopback only.', [
      'who',
      '5432',
      '--handshake',
    ]),
    await screen(
      'Redis, asked itself',
      'Nothing in the name `Sessions` says that it is to be a Redis: `unverified` stays.',
      ['who', '6379', '--handshake'],
    ),
  )
  await Promise.all([database.stop(), redis.stop()])

  begin(python('127.0.0.1', 3000))
  begin(python('::1', 3000))
  await listens(3000)
  await until(async () => (await ports('who', '3000')).includes('[::1]'), 'both listen')
  sections.push(
    await screen(
      'An IPv6 server beside an IPv4 one',
      'Two servers on one number: which one `localhost` means depends on who asks.',
      ['who', '3000'],
    ),
  )

  begin(python('127.0.0.1', 4000, 'import os\nif os.fork(): time.sleep(1); os._exit(0)'))
  await until(async () => (await ports('who', '4000')).includes('has ended'), 'the parent has ended')
  sections.push(
    await screen('A socket that an orphan inherited', 'The server was ended, its child holds the port on.', [
      'who',
      '4000',
    ]),
    await screen(
      "Root's service, seen by another user",
      'Without privilege the process is hidden, the listener and its user are not.',
      ['who', '3000'],
      [...nobody, 'env', 'IZA_PORTS_HOME=/nonexistent'],
    ),
  )

  for (const proxy of ['true', 'false']) {
    const engine = await startEngine(findEngine(), { 'userland-proxy': proxy })
    const compose = join(engine.folder, 'compose.yaml')
    writeFileSync(
      compose,
      `services:\n  web:\n    image: ${image}\n    command: [busybox, httpd, -f, -p, "80"]\n    stop_grace_period: 0s\n    ports: ["127.0.0.1:8080:80"]\n`,
    )
    const project = ['-p', 'shop', '-f', compose]
    const { code, stderr } = await engine.compose(...project, 'up', '-d', '--pull', 'never')
    if (code !== 0) throw new Error(stderr)
    environment['DOCKER_HOST'] = `unix://${engine.folder}/engine.sock`
    await until(async () => (await ports('who', '8080')).includes('where it listens'), 'the program inside listens')
    const text = await screen(
      proxy === 'true' ? 'A container behind the proxy of Docker' : 'A container that the kernel alone publishes',
      proxy === 'true'
        ? 'The proxy listens; the port is that of the container.'
        : 'With `userland-proxy=false` the engine holds the port and nothing passes through it.',
      ['who', '8080'],
    )
    sections.push(text.replaceAll(engine.folder, '~/engine'))
    await engine.compose(...project, 'down', '-t', '0')
    await engine.stop()
  }
  const podman = await startPodman(findPodman())
  const options = ['--detach', '--network', 'slirp4netns', '--publish', '127.0.0.1:8081:80', '--name', 'web']
  await podman.run('run', ...options, podmanImage, '/bin/busybox', 'httpd', '-f', '-p', '80')
  environment['DOCKER_HOST'] = podman.host
  await until(async () => (await ports('who', '8081')).includes('where it listens'), 'the program inside listens')
  sections.push(
    await screen('A container of Podman', '`rootlessport` listens for it, and `podman` is what ends it.', [
      'who',
      '8081',
    ]),
  )
  await podman.stop()

  const head =
    '# Who really has this port\n\nScreens of real servers, captured by `sh scripts/bun scripts/guide.ts`. Every one of them is there as data too: `--json`.\n'
  mkdirSync('docs/guide', { recursive: true })
  writeFileSync('docs/guide/truth.md', [head, ...sections].join('\n'))
  process.exit(0)
}

/** Where this machine keeps its programs tells nobody anything. */
function withoutPlaces(text: string): string {
  return text
    .replaceAll(process.cwd(), '~/iza-ports')
    .replaceAll(/\/tmp\/iza-(postgres|redis|podman)-\w+/g, '~/$1')
    .replaceAll(/\/\S+\/bin\/(python3|node|bun)\b/g, '$1')
}
