import { nameKey } from '../core/name.ts'

/** How a widely known service is recognised when it runs. */
interface Program {
  /** Words that name it, in lower case; the longest that stands in a service's name decides. */
  readonly names: readonly string[]
  /** Names of its own executables. Empty where it runs in an interpreter, so that the executable tells nothing. */
  readonly executables: readonly string[]
  /** A word that stands in its command line. */
  readonly word?: string
}

const programs: readonly Program[] = [
  { names: ['postgresql', 'postgres'], executables: ['postgres', 'postmaster'] },
  { names: ['pgbouncer'], executables: ['pgbouncer'] },
  { names: ['pgadmin'], executables: [], word: 'pgadmin' },
  // Debian's redis-server is a link to redis-check-rdb, so that is what the kernel calls its executable.
  {
    names: ['redis', 'redis cache'],
    executables: ['redis-server', 'redis-check-rdb', 'valkey-server', 'keydb-server'],
  },
  { names: ['redis commander'], executables: [], word: 'redis-commander' },
  { names: ['memcached'], executables: ['memcached'] },
  { names: ['mongodb', 'mongo'], executables: ['mongod', 'mongos'] },
  { names: ['mysql'], executables: ['mysqld', 'mariadbd'] },
  { names: ['mariadb'], executables: ['mariadbd', 'mysqld'] },
  { names: ['nginx'], executables: ['nginx', 'openresty'] },
  { names: ['caddy'], executables: ['caddy'] },
  { names: ['traefik'], executables: ['traefik'] },
  { names: ['haproxy'], executables: ['haproxy'] },
  { names: ['grafana'], executables: ['grafana', 'grafana-server'] },
  { names: ['prometheus'], executables: ['prometheus'] },
  { names: ['jaeger'], executables: ['jaeger', 'jaeger-all-in-one', 'jaeger-query'] },
  { names: ['elasticsearch'], executables: [], word: 'elasticsearch' },
  { names: ['kibana'], executables: [], word: 'kibana' },
  { names: ['logstash'], executables: [], word: 'logstash' },
  { names: ['sonarqube'], executables: [], word: 'sonarqube' },
  { names: ['portainer'], executables: ['portainer'] },
  { names: ['minio'], executables: ['minio'] },
  { names: ['ollama'], executables: ['ollama'] },
  { names: ['etcd'], executables: ['etcd'] },
  { names: ['ngrok'], executables: ['ngrok'] },
  { names: ['n8n'], executables: [], word: 'n8n' },
  { names: ['activepieces'], executables: [], word: 'activepieces' },
  { names: ['streamlit'], executables: [], word: 'streamlit' },
  { names: ['jupyter'], executables: [], word: 'jupyter' },
  { names: ['vs code server', 'code server'], executables: [], word: 'code-server' },
]

/** Programs that listen on behalf of others: their name says nothing about who answers. */
const forwarders = new Set([
  'docker-proxy',
  'rootlessport',
  'slirp4netns',
  'pasta',
  'conmon',
  'ssh',
  'sshd',
  'kubectl',
  'socat',
  'systemd',
  'systemd-socket-proxyd',
  'wslrelay',
  'com.docker.backend',
  'gvproxy',
])

/**
 * Whether a process is the service, by the programs that are known: `yes` when its executable or a word of its command line says so, `no` when
 * the service has executables of its own and this is none of them, null where nothing can be said.
 */
export function recognise(
  service: string,
  process: { readonly name: string; readonly command: string },
): 'yes' | 'no' | null {
  const program = programOf(service)
  if (!program || forwarders.has(process.name)) return null
  if (program.executables.includes(process.name)) return 'yes'
  if (program.word !== undefined && wordIn(process.command.toLowerCase(), program.word)) return 'yes'
  return program.executables.length ? 'no' : null
}

function programOf(service: string): Program | null {
  const key = nameKey(service)
  let best: Program | null = null
  let longest = 0
  for (const program of programs) {
    for (const name of program.names) {
      if (name.length > longest && wordIn(key, name)) {
        best = program
        longest = name.length
      }
    }
  }
  return best
}

function wordIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/[a-z0-9]/.test(text[at - 1] ?? ' ') && !/[a-z0-9]/.test(text[at + word.length] ?? ' ')) return true
  }
  return false
}
