import { describe, expect, test } from 'bun:test'
import { exportFormats } from '../export.ts'
import type { ExportName } from '../export.ts'
import { nasty, sourceOf } from './exports.fixture.ts'
import type { Row } from './exports.fixture.ts'
import { findProgram, runIn } from './programs.fixture.ts'
import { freePort } from '../../../test/free-port.fixture.ts'

const nginx = findProgram('usr/sbin/nginx', ['nginx'])
const caddy = findProgram('usr/bin/caddy', ['caddy'])
const promtool = findProgram('usr/bin/promtool', ['prometheus'])
const nft = findProgram('usr/sbin/nft', ['nftables', 'libnftables1', 'libnftnl11', 'libjansson4', 'libxtables12'])
const root = process.getuid?.() === 0 ? '' : 'a namespace of its own needs root'

const ordinary: readonly Row[] = [
  { name: 'Grafana', port: 3006, description: 'Metrics dashboards', range: 'Monitoring' },
  { name: 'Documents', port: 4000, address: '127.0.0.1' },
  { name: 'PostgreSQL', port: 5432, address: '::1' },
  { name: 'DNS', port: 5300, protocol: 'udp' },
]
const write = async (name: ExportName, rows: readonly Row[], domain?: string): Promise<string> =>
  exportFormats[name].write(sourceOf(rows, domain))
const registries = [
  ['no service', []],
  ['ordinary names', ordinary],
  ['hostile names', nasty],
] as const

/** A `describe` that says why it is skipped where the program is missing. */
const withProgram = (title: string, why: string, tests: () => void): void => {
  describe.skipIf(why !== '')(`${title}${why && ` (skipped: ${why})`}`, tests)
}

withProgram('nginx', nginx.why, () => {
  const around = (snippet: string): Record<string, string> => ({
    'snippet.conf': snippet,
    'nginx.conf': `pid {folder}/pid;
error_log {folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/snippet.conf;
}
`,
  })
  const takes = async (snippet: string): Promise<{ code: number; said: string; out: string }> =>
    runIn(around(snippet), [
      nginx.program,
      '-t',
      '-p',
      '{folder}',
      '-e',
      '{folder}/error.log',
      '-c',
      '{folder}/nginx.conf',
    ])

  test.each(registries)('takes the export of %s', async (_, rows) => {
    for (const domain of ['localhost', 'box.example']) {
      const { code, said } = await takes(await write('nginx', rows, domain))
      expect([code, said]).toEqual([0, expect.stringContaining('test is successful')])
      expect(said).not.toContain('[warn]')
    }
  })

  test('hands a request on to the service whose name it asks for', async () => {
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) => new Response(request.headers.get('host')),
    })
    const front = freePort()
    const rows = [{ name: 'My Shop', port: server.port ?? 0 }]
    const snippet = (await write('nginx', rows)).replaceAll('listen 127.0.0.1:80;', `listen 127.0.0.1:${front};`)
    const script = `${nginx.program} -p {folder} -e {folder}/error.log -c {folder}/nginx.conf -g 'daemon off; master_process off;' &
      while ! curl -s -H 'Host: my-shop.localhost' http://127.0.0.1:${front}/; do kill -0 $! || exit 1; sleep 0.1; done; kill $!; wait`
    const { out } = await runIn(around(snippet), ['sh', '-c', script])
    await server.stop(true)
    expect(out).toBe('my-shop.localhost')
  })

  test('refuses a snippet that is broken', async () => {
    expect((await takes('server { listen 80')).code).toBe(1)
  })
})

withProgram('caddy', caddy.why, () => {
  const adapt = async (text: string): Promise<{ code: number; said: string; out: string }> =>
    runIn({ Caddyfile: text }, [
      caddy.program,
      'adapt',
      '--validate',
      '--adapter',
      'caddyfile',
      '--config',
      '{folder}/Caddyfile',
    ])

  test.each(registries)('takes the export of %s', async (_, rows) => {
    for (const domain of ['localhost', 'box.example']) {
      const { code, out, said } = await adapt(await write('caddy', rows, domain))
      expect([code, said]).toEqual([0, expect.any(String)])
      const config = JSON.parse(out) as { apps?: { http: { servers: Record<string, { routes: unknown[] }> } } }
      const routes = Object.values(config.apps?.http.servers ?? {}).flatMap((server) => server.routes)
      // One for each TCP service that speaks HTTP and is reached by an address, and none that a name brought in.
      const served = (await write('caddy', rows, domain)).match(/^\treverse_proxy /gm)?.length ?? 0
      expect(routes).toHaveLength(served)
    }
  })

  test('refuses a file that is broken', async () => {
    expect((await adapt('a.localhost {\n nonsense\n}\n')).code).not.toBe(0)
  })
})

withProgram('promtool', promtool.why, () => {
  const config =
    'scrape_configs:\n  - job_name: ports\n    file_sd_configs:\n      - files: ["{folder}/targets.json"]\n'
  const check = async (targets: string): Promise<{ code: number; out: string; said: string }> =>
    runIn({ 'prometheus.yml': config, 'targets.json': targets }, [
      promtool.program,
      'check',
      'config',
      '{folder}/prometheus.yml',
    ])

  test.each(registries)('takes the export of %s', async (_, rows) => {
    const { code, out, said } = await check(await write('prometheus', rows))
    expect([code, out + said]).toEqual([0, expect.stringContaining('SUCCESS')])
  })

  test('discovers a target with the labels of its service', async () => {
    const files = { 'prometheus.yml': config, 'targets.json': await write('prometheus', ordinary) }
    const { out } = await runIn(files, [
      promtool.program,
      'check',
      'service-discovery',
      '--timeout',
      '2s',
      '{folder}/prometheus.yml',
      'ports',
    ])
    expect(out).toContain('"__address__": "127.0.0.1:3006"')
    expect(out).toContain('"service": "Grafana"')
  })

  test('refuses targets that are broken', async () => {
    expect((await check('[{"targets": 1}]')).code).not.toBe(0)
  })
})

withProgram('nft', nft.why || root, () => {
  const check = async (rules: string): Promise<{ code: number; said: string; out: string }> =>
    runIn({ rules }, ['unshare', '-n', nft.program, '-c', '-f', '{folder}/rules'], { LD_LIBRARY_PATH: nft.libraries })

  test.each(registries)('takes the export of %s', async (_, rows) => {
    const { code, said } = await check(await write('firewall', rows))
    expect([code, said]).toEqual([0, ''])
  })

  test('refuses rules that are broken', async () => {
    expect((await check('table inet filter { nonsense }')).code).toBe(1)
  })
})

withProgram('the kernel', root, () => {
  test.each(registries)('keeps the ports of %s', async (_, rows) => {
    const text = await write('sysctl', rows)
    const { code, out, said } = await runIn({ conf: text }, [
      'unshare',
      '-n',
      'sh',
      '-c',
      'sysctl -q -p {folder}/conf && cat /proc/sys/net/ipv4/ip_local_reserved_ports',
    ])
    expect([code, said]).toEqual([0, ''])
    expect(`net.ipv4.ip_local_reserved_ports = ${out.trim()}`).toBe(text.split('\n').at(-2) ?? '')
  })
})

withProgram('getent', root, () => {
  test.each(registries)('finds each service of %s by its name', async (_, rows) => {
    const text = await write('services', rows)
    const names = text.split('\n').flatMap((line) => (/^[a-z]/.test(line) ? [line.split(/\s+/).slice(0, 2)] : []))
    const asked = names.map(([name, port]) => `${name}/${port?.split('/')[1]}`)
    const found = await runIn({ services: text, asked: asked.map((one) => one.replace('/', ' ')).join('\n') }, [
      'unshare',
      '-m',
      'sh',
      '-c',
      'mount --bind {folder}/services /etc/services && perl -ne \'my ($n, $p) = split; my @s = getservbyname($n, $p); print "$n $s[2]/$p\\n"\' {folder}/asked',
    ])
    expect([found.code, found.said]).toEqual([0, ''])
    expect(found.out).toBe(names.map((words) => `${words.join(' ')}\n`).join(''))
  })
})

test.each(registries)('a shell takes the variables of %s, and nothing else happens', async (_, rows) => {
  const text = await write('env', rows)
  const { code, out, said } = await runIn({ env: text }, [
    'env',
    '-i',
    '/bin/sh',
    '-c',
    'set -a; . {folder}/env; /usr/bin/env',
  ])
  expect([code, said]).toEqual([0, ''])
  const set = out.split('\n').filter((line) => line && !/^(PWD|OLDPWD|SHLVL|_)=/.test(line))
  expect(set.toSorted()).toEqual(
    text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .toSorted(),
  )
})
