import { nameKey } from '../core/name.ts'

/** Words in the names of services that do not speak HTTP on their main port, and of web programs that are called after one. */
const words: readonly (readonly [name: string, web: boolean])[] = [
  ['postgresql', false],
  ['postgres', false],
  ['pgbouncer', false],
  ['pgadmin', true],
  ['redis', false],
  ['redis commander', true],
  ['redis insight', true],
  ['valkey', false],
  ['memcached', false],
  ['mongodb', false],
  ['mongo', false],
  ['mongo express', true],
  ['mysql', false],
  ['mariadb', false],
  ['phpmyadmin', true],
  ['sql server', false],
  ['oracle', false],
  ['cassandra', false],
  ['kafka', false],
  ['kafka ui', true],
  ['zookeeper', false],
  ['rabbitmq', false],
  ['rabbitmq management', true],
  ['nats', false],
  ['mqtt', false],
  ['mosquitto', false],
  ['logstash', false],
  ['ssh', false],
  ['ftp', false],
  ['smtp', false],
  ['imap', false],
  ['ldap', false],
  ['dns', false],
  ['vnc', false],
  ['bolt', false],
]

/** Whether a service of that name may stand behind a web proxy: the longest known word in its name decides, and what is unknown may. */
export function answersHttp(service: string): boolean {
  const name = ` ${nameKey(service).replace(/[^\p{L}\p{N}]+/gu, ' ')} `
  const known = words.filter(([word]) => name.includes(` ${word} `)).toSorted(([a], [b]) => b.length - a.length)
  return known[0]?.[1] ?? true
}
