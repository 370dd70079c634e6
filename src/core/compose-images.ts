import { nameKey } from './name.ts'

/** A widely known program as compose files speak of it. */
interface ImageRow {
  /** Words that name it in a registry, in lower case. */
  readonly names: readonly string[]
  /** Last parts of its image names. */
  readonly images: readonly string[]
  /** Its ports inside the container, the main one first. Facts of the images' own documentation. */
  readonly ports: readonly number[]
  /** Nothing else of note uses its main port, so that the port alone tells it. */
  readonly telling?: true
}

const rows: readonly ImageRow[] = [
  {
    names: ['postgresql', 'postgres'],
    images: ['postgres', 'postgresql', 'postgis', 'timescaledb', 'pgvector'],
    ports: [5432],
    telling: true,
  },
  { names: ['pgadmin'], images: ['pgadmin4', 'pgadmin'], ports: [80, 443] },
  {
    names: ['redis', 'redis cache'],
    images: ['redis', 'valkey', 'redis-stack', 'redis-stack-server', 'keydb'],
    ports: [6379],
    telling: true,
  },
  { names: ['redis commander'], images: ['redis-commander'], ports: [8081] },
  { names: ['memcached'], images: ['memcached'], ports: [11211], telling: true },
  {
    names: ['mongodb', 'mongo'],
    images: ['mongo', 'mongodb', 'mongodb-community-server'],
    ports: [27017],
    telling: true,
  },
  { names: ['mysql'], images: ['mysql', 'mysql-server'], ports: [3306] },
  { names: ['mariadb'], images: ['mariadb'], ports: [3306] },
  { names: ['nginx'], images: ['nginx', 'nginx-unprivileged', 'openresty'], ports: [80, 443, 8080] },
  { names: ['caddy'], images: ['caddy'], ports: [80, 443] },
  { names: ['traefik'], images: ['traefik'], ports: [80, 443, 8080] },
  { names: ['grafana'], images: ['grafana', 'grafana-oss', 'grafana-enterprise'], ports: [3000] },
  { names: ['prometheus'], images: ['prometheus'], ports: [9090] },
  { names: ['jaeger'], images: ['all-in-one', 'jaeger'], ports: [16686], telling: true },
  { names: ['elasticsearch'], images: ['elasticsearch', 'opensearch'], ports: [9200, 9300], telling: true },
  { names: ['kibana'], images: ['kibana'], ports: [5601], telling: true },
  { names: ['logstash'], images: ['logstash'], ports: [5044, 9600] },
  { names: ['rabbitmq'], images: ['rabbitmq'], ports: [5672, 15672], telling: true },
  { names: ['sonarqube'], images: ['sonarqube'], ports: [9000] },
  { names: ['portainer'], images: ['portainer', 'portainer-ce', 'portainer-ee'], ports: [9443, 9000, 8000] },
  { names: ['minio'], images: ['minio'], ports: [9000, 9001] },
  { names: ['ollama'], images: ['ollama'], ports: [11434], telling: true },
  { names: ['etcd'], images: ['etcd'], ports: [2379, 2380], telling: true },
  { names: ['n8n'], images: ['n8n'], ports: [5678], telling: true },
  { names: ['activepieces'], images: ['activepieces'], ports: [80] },
  { names: ['anythingllm'], images: ['anythingllm'], ports: [3001] },
  {
    names: ['jupyter'],
    images: ['base-notebook', 'minimal-notebook', 'scipy-notebook', 'jupyterhub'],
    ports: [8888],
    telling: true,
  },
  { names: ['streamlit'], images: ['streamlit'], ports: [8501], telling: true },
  { names: ['vs code server', 'code server'], images: ['code-server'], ports: [8080, 8443] },
]

export type KnownImage = ImageRow

/** Letters and digits of a name: `IZA OS API`, `iza-os_api` and `izaosapi` are one spelling. */
export function squeeze(name: string): string {
  return nameKey(name).replace(/[^\p{L}\p{N}]/gu, '')
}

/** `registry:5000/grafana/grafana-oss:10@sha256:…` is `grafana-oss`. */
export function imageName(image: string): string {
  const [bare = ''] = image.toLowerCase().split('@')
  const last = bare.slice(bare.lastIndexOf('/') + 1)
  return last.split(':')[0] ?? ''
}

export function programOfImage(image: string): KnownImage | null {
  return rows.find(({ images }) => images.includes(imageName(image))) ?? null
}

/** The program that a compose service or container is called after, spelled out whole: `redis-exporter` is no Redis. */
export function programCalled(name: string): KnownImage | null {
  return rows.find(({ names, images }) => [...names, ...images].some((word) => squeeze(word) === squeeze(name))) ?? null
}

/** The program that alone uses the port inside its container. */
export function programOfPort(target: number): KnownImage | null {
  return rows.find(({ ports, telling }) => telling === true && ports[0] === target) ?? null
}

/** The program that a registered service is: the longest of its words that stands in the service's name. */
export function programOfService(service: string): KnownImage | null {
  const words = ` ${nameKey(service).replace(/[^\p{L}\p{N}]+/gu, ' ')} `
  let best: KnownImage | null = null
  let longest = 0
  for (const row of rows) {
    for (const name of row.names) {
      if (name.length > longest && words.includes(` ${name} `)) {
        best = row
        longest = name.length
      }
    }
  }
  return best
}
