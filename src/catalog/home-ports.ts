import { nameKey } from '../core/name.ts'

/**
 * The ports that a program has on every machine where nobody said otherwise, by a word that stands in the names of its services. Sources: the projects' own
 * defaults, November 2026. Only what people really meet at that port: moving such a service surprises whoever knows it.
 */
const homes: readonly (readonly [words: readonly string[], ports: readonly number[]])[] = [
  [
    ['nginx', 'caddy', 'apache', 'httpd', 'traefik', 'haproxy', 'web server'],
    [80, 443, 8080, 8443],
  ],
  [['ssh', 'sshd', 'openssh'], [22]],
  [['dns', 'bind', 'unbound', 'dnsmasq', 'pihole', 'pi hole', 'adguard', 'coredns'], [53]],
  [
    ['smtp', 'postfix', 'mail'],
    [25, 465, 587],
  ],
  [
    ['imap', 'dovecot', 'mail'],
    [143, 993],
  ],
  [
    ['ldap', 'openldap'],
    [389, 636],
  ],
  [['nfs'], [111, 2049]],
  [
    ['samba', 'smb'],
    [139, 445],
  ],
  [['ftp'], [20, 21]],
  [['postgresql', 'postgres', 'timescaledb', 'pgvector', 'postgis'], [5432]],
  [['pgadmin'], [5050]],
  [['pgbouncer'], [6432]],
  [['mysql', 'mariadb'], [3306]],
  [['redis', 'valkey', 'keydb', 'dragonfly'], [6379]],
  [['redis commander'], [8081]],
  [
    ['redisinsight', 'redis insight'],
    [5540, 8001],
  ],
  [['mongodb', 'mongo'], [27017]],
  [['mongo express'], [8081]],
  [['sql server', 'mssql'], [1433]],
  [['oracle'], [1521]],
  [
    ['elasticsearch', 'opensearch'],
    [9200, 9300],
  ],
  [['kibana'], [5601]],
  [['logstash'], [5044, 9600]],
  [['influxdb', 'influx'], [8086]],
  [['clickhouse'], [8123, 9000]],
  [['cassandra', 'scylla'], [9042]],
  [['couchdb'], [5984]],
  [['neo4j'], [7474, 7687]],
  [['qdrant'], [6333, 6334]],
  [['milvus'], [19530]],
  [['weaviate'], [8080]],
  [['memcached'], [11211]],
  [['cockroachdb', 'cockroach'], [26257]],
  [['meilisearch'], [7700]],
  [['typesense'], [8108]],
  [
    ['rabbitmq', 'amqp'],
    [5672, 15672],
  ],
  [['kafka'], [9092]],
  [['zookeeper'], [2181]],
  [['nats'], [4222, 8222]],
  [
    ['mqtt', 'mosquitto', 'emqx'],
    [1883, 8883],
  ],
  [['etcd'], [2379, 2380]],
  [['consul'], [8300, 8500]],
  [['vault'], [8200]],
  [['nomad'], [4646]],
  [['kubernetes', 'k8s', 'k3s'], [6443]],
  [['docker'], [2375, 2376]],
  [['portainer'], [9000, 9443]],
  [['prometheus'], [9090]],
  [['alertmanager'], [9093]],
  [['node exporter'], [9100]],
  [['grafana'], [3000]],
  [['loki'], [3100]],
  [['jaeger'], [16686]],
  [
    ['opentelemetry', 'otel'],
    [4317, 4318],
  ],
  [['zipkin'], [9411]],
  [['sonarqube'], [9000]],
  [['jenkins'], [8080]],
  [['tomcat'], [8080]],
  [['minio'], [9000, 9001]],
  [['n8n'], [5678]],
  [['node red', 'nodered'], [1880]],
  [['activepieces'], [8080]],
  [['airflow'], [8080]],
  [['streamlit'], [8501]],
  [['jupyter', 'jupyterlab'], [8888]],
  [['mlflow'], [5000]],
  [['gradio'], [7860]],
  [['comfyui'], [8188]],
  [['ollama'], [11434]],
  [['anythingllm', 'anything llm'], [3001]],
  [['open webui', 'openwebui'], [8080]],
  [['ngrok'], [4040]],
  [['code server', 'vs code server'], [8080]],
  [['flask'], [5000]],
  [['fastapi', 'uvicorn', 'django'], [8000]],
  [['vite'], [5173]],
  [['astro'], [4321]],
  [['angular'], [4200]],
  [['storybook'], [6006]],
  [['gitea', 'forgejo'], [3000]],
  [['uptime kuma'], [3001]],
  [['home assistant'], [8123]],
  [['plex'], [32400]],
  [['jellyfin'], [8096]],
  [['syncthing'], [8384]],
  [['minecraft'], [25565]],
  [['remote desktop', 'rdp', 'xrdp'], [3389]],
  [['vnc'], [5900, 5901]],
  [['wireguard'], [51820]],
  [['openvpn'], [1194]],
]

/** The words of each port, made when they are first asked for. */
let wordsAt: Map<number, string[]> | undefined

/** Whether the service has the port everywhere. The longest words that stand in its name decide: a Redis Commander is no Redis. */
export function isHomePort(service: string, port: number): boolean {
  const here = (wordsAt ??= byPort()).get(port)
  if (!here) return false
  const name = ` ${nameKey(service).replace(/[^a-z0-9]+/g, ' ')} `
  let longest = 0
  for (const word of here) if (word.length > longest && name.includes(` ${word} `)) longest = word.length
  if (longest === 0) return false
  for (const home of homes)
    for (const word of home[0]) if (word.length > longest && name.includes(` ${word} `)) return false
  return true
}

function byPort(): Map<number, string[]> {
  const all = new Map<number, string[]>()
  for (const [words, ports] of homes) for (const port of ports) all.set(port, [...(all.get(port) ?? []), ...words])
  return all
}
