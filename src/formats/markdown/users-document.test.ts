import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'bun:test'
import { decodeDocument } from '../decode.ts'
import { readPortDocument } from './read.ts'

const bytes = readFileSync(join(import.meta.dir, '../../../seed/iza-os-port-management.md'))
const document = readPortDocument(decodeDocument(bytes, 'ports.md'), 'ports.md')

test("reads the document's eight ranges with the purposes and examples of its guidelines", () => {
  const rows: unknown[][] = document.ranges.map(({ line, name, from, to, purpose, examples }) => [
    line,
    name,
    from,
    to,
    purpose,
    examples,
  ])
  expect(rows).toEqual([
    [5, 'Core IZA OS Services', 3000, 3099, 'Core IZA OS services', 'Dashboard, API, Backend'],
    [16, 'AI & LLM Services', 8000, 8099, 'AI and LLM services', 'Ollama, Claude, OpenAI'],
    [27, 'Database Services', 5000, 5099, 'Database services', 'PostgreSQL, Redis, pgAdmin'],
    [36, 'Development Tools', 9000, 9099, 'Development tools', 'Portainer, Prometheus'],
    [45, 'Web Services', 4000, 4099, 'Web servers', 'Nginx, FastAPI, Flask'],
    [53, 'Integration Services', 8100, 8199, 'Integration services', 'n8n, Activepieces'],
    [61, 'Monitoring Services', 9100, 9199, 'Monitoring services', 'Elasticsearch, Kibana'],
    [69, 'Specialized Services', 8200, 8299, 'Specialized applications', 'Streamlit, Jupyter'],
  ])
})

test("reads the document's forty services, each with its one port, under its own range", () => {
  const rows = document.services.map(
    ({ line, name, ports, range }) => `${line} ${name} ${ports.map(({ port }) => port).join()} ${range}`,
  )
  expect(rows).toEqual([
    '8 IZA OS Main Dashboard 3000 Core IZA OS Services',
    '9 IZA OS API Gateway 3001 Core IZA OS Services',
    '10 IZA OS Unified Dashboard 3002 Core IZA OS Services',
    '11 IZA OS Backend Service 3003 Core IZA OS Services',
    '12 IZA OS Frontend 3004 Core IZA OS Services',
    '13 IZA OS WebSocket 3005 Core IZA OS Services',
    '14 Grafana 3006 Core IZA OS Services',
    '19 Ollama LLM Server 11434 AI & LLM Services',
    '20 ChatLLM Interface 8001 AI & LLM Services',
    '21 Claude Swarm 8002 AI & LLM Services',
    '22 Anthropic API Proxy 8003 AI & LLM Services',
    '23 OpenAI API Proxy 8004 AI & LLM Services',
    '24 Django 8005 AI & LLM Services',
    '25 MCP Server 8006 AI & LLM Services',
    '30 PostgreSQL 5432 Database Services',
    '31 Redis Cache 6379 Database Services',
    '32 MongoDB 27017 Database Services',
    '33 pgAdmin 5050 Database Services',
    '34 Redis Commander 8081 Database Services',
    '39 Portainer 9000 Development Tools',
    '40 Portainer SSL 9443 Development Tools',
    '41 Prometheus 9090 Development Tools',
    '42 SonarQube 9001 Development Tools',
    '43 MinIO 9002 Development Tools',
    '48 Nginx 80 Web Services',
    '49 Nginx SSL 443 Web Services',
    '50 FastAPI 8000 Web Services',
    '51 Flask 5000 Web Services',
    '56 n8n Workflow 5678 Integration Services',
    '57 Activepieces 8084 Integration Services',
    '58 Zapier 8085 Integration Services',
    '59 Webhook Receiver 8086 Integration Services',
    '64 Elasticsearch 9200 Monitoring Services',
    '65 Kibana 5601 Monitoring Services',
    '66 Logstash 5044 Monitoring Services',
    '67 Jaeger 16686 Monitoring Services',
    '72 Streamlit 8501 Specialized Services',
    '73 Jupyter 8888 Specialized Services',
    '74 ngrok Web UI 4040 Specialized Services',
    '75 VS Code Server 8087 Specialized Services',
  ])
})

function named(found: readonly { name: string }[]): string[] {
  return found.map(({ name }) => name)
}

test('takes a status and a mark from the words, and the description as it stands', () => {
  expect(named(document.services.filter(({ declared }) => declared === 'active'))).toEqual([
    'IZA OS Unified Dashboard',
    'Ollama LLM Server',
  ])
  expect(named(document.services.filter(({ resolved }) => resolved))).toEqual([
    'Grafana',
    'Django',
    'MCP Server',
    'SonarQube',
    'MinIO',
    'Activepieces',
    'Zapier',
    'Webhook Receiver',
    'VS Code Server',
  ])
  expect(document.services[13]?.description).toBe('Model Context Protocol')
  expect(
    document.services.every(({ ports }) => ports.every((entry) => entry.protocol === 'tcp' && entry.address === '*')),
  ).toBe(true)
})

test("reads the document's seven moves and leaves nothing unused", () => {
  const rows: unknown[][] = document.moves.map(({ line, service, from, to, why, when }) => [
    line,
    service,
    from,
    to,
    why,
    when,
  ])
  expect(rows).toEqual([
    [102, 'AnythingLLM', null, 3001, 'dedicated port', null],
    [103, 'Grafana', null, 3006, 'to avoid conflict', null],
    [104, 'SonarQube', null, 9001, 'to avoid conflict', null],
    [105, 'MinIO', null, 9002, 'to avoid conflict', null],
    [106, 'Activepieces', null, 8084, 'to avoid conflict', null],
    [107, 'Django', null, 8005, 'to avoid conflict', null],
    [108, 'MCP Server', null, 8006, 'to avoid conflict', null],
  ])
  expect(document.unused).toEqual([])
})

test('reads the same with the line ends of Windows', () => {
  const text = decodeDocument(bytes, 'ports.md').replaceAll('\n', '\r\n')
  expect(readPortDocument(text, 'ports.md')).toEqual(document)
})
