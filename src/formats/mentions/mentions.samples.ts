/** A file as people write them. `«3000»` is a port that is to be found; no other digits are. */
export interface Sample {
  readonly title: string
  readonly path: string
  readonly text: string
}

export const samples: readonly Sample[] = [
  {
    title: 'an env file with comments, quotes, exports and URLs',
    path: '.env',
    text: `# PORT=1111
PORT=«3000»
export GRAFANA_PORT="«3006»" # was 3000
API_PORT='«4000»'
 SPACED_PORT = «4001»
API_URL=http://localhost:«4000»/v1?x=5000
WS_URL="ws://127.0.0.1:«4002»"
FALLBACK=\${OTHER_PORT:-«4003»}
DATABASE_URL=postgresql+psycopg://me:secret@localhost:«5432»/shop
REDIS_URL=redis://:pa$$@127.0.0.1:«6379»/0
REMOTE_URL=https://api.example.org:8443
DB_HOST=db
DB_PORT=5432
CACHE_HOST=localhost
CACHE_PORT=«6379»
PORT_RANGE=3000
PORTS=3000,3001
TIMEOUT=3000
VERSION=127.0.0.1
KEY="-----BEGIN
WEB_PORT=1234
-----END"
LAST_PORT=«9000»`,
  },
  {
    title: 'an env file with Windows line ends and none at its end',
    path: 'deploy/prod.env',
    text: 'A=1\r\nWEB_PORT=«8080»\r\n\r\nexport API_PORT=«8081»',
  },
  {
    title: 'a compose file in short and long syntax, with defaults, addresses, protocols and ranges',
    path: 'docker-compose.yml',
    text: `services:
  web: # the site
    image: nginx:1.25
    ports:
      - "«8080»:80"
      - '127.0.0.1:«8443»:443/tcp'
      - «8081»:81
      - "[::1]:«8082»:82"
      - "\${WEB_PORT:-«8083»}:83"
      - "\${WEB_PORT}:84"
      - "9000-9010:9000-9010"
      - 3000
      - target: 5000
        published: «5001»
        protocol: udp
      - target: 53
        published: "«5353»"
    environment:
      PORT: 3000
  host:
    network_mode: host
    ports: ["7000:7000"]
`,
  },
  {
    title: 'a package with scripts',
    path: 'package.json',
    text: `{
  "name": "@iza/shop",
  "version": "3000.1.2",
  "config": { "port": «3000» },
  "scripts": {
    "dev": "vite --port «3001» --strictPort",
    "start": "PORT=«3002» node server.js",
    "start:api": "cross-env API_PORT=«3003» tsx api.ts && echo 9999",
    "next": "next dev -p «3004»",
    "build": "tsc -p 3005",
    "db": "docker run --rm -p «5433»:5432 postgres:16",
    "wait": "wait-on tcp:«5433» http://localhost:«3001»/health && vitest run",
    "quoted": "concurrently \\"vite --port=«3007»\\" \\"serve -l «3008»\\"",
    "py": "uvicorn app:app --host 0.0.0.0 --port «8000»",
    "django": "python manage.py runserver 0.0.0.0:«8001»",
    "sleep": "sleep 3000"
  },
  "dependencies": { "x": "3000" }
}
`,
  },
  {
    title: 'a Vite configuration in TypeScript',
    path: 'web/vite.config.ts',
    text: `import { defineConfig, type UserConfig } from 'vite'
const timeout: number = 3000
export default defineConfig(({ mode }): UserConfig => ({
  server: {
    port: «3000», // 3001
    hmr: { port: 24678 },
    proxy: { '/api': { target: 'http://localhost:«4000»', changeOrigin: true }, '/x': \`http://127.0.0.1:«4001»/\${mode}\` },
  },
  preview: { port: Number(process.env.PREVIEW_PORT ?? «4173») },
  cache: { port: 6379 },
}))
`,
  },
  {
    title: 'a webpack configuration and one of pm2',
    path: 'ecosystem.config.js',
    text: `module.exports = {
  devServer: { port: '«8080»' },
  apps: [{ name: 'api', env: { PORT: «3000», NODE_ENV: 'x' } }, { name: 'web', env: { PORT: process.env.WEB_PORT || '«3001»' } }],
}
`,
  },
  {
    title: 'a configuration of Playwright',
    path: 'playwright.config.ts',
    text: `export default { use: { baseURL: 'http://localhost:«3000»' }, webServer: { command: 'npm run dev -- --port «3000»', timeout: 60000 } }\n`,
  },
  {
    title: 'a Procfile',
    path: 'Procfile',
    text: 'web: bundle exec rails server -p «3000»\napi: PORT=«3001» ./api\nworker: sidekiq -c 25\n',
  },
  {
    title: 'a Makefile',
    path: 'Makefile',
    text: `PORT ?= «3000» # the port
export API_PORT := «3001»
URL = http://localhost:«3000»
JOBS = 3000
dev: # 3002
\tPORT=$(PORT) npx vite --port «3003»
\tdocker run --name x \\
\t  -p 127.0.0.1:«3004»:80 nginx # 3005
`,
  },
  {
    title: 'a development container with comments and a trailing comma',
    path: '.devcontainer/devcontainer.json',
    text: `{
  // forwards 1111
  "forwardPorts": [«3000», "db:5432"],
  "portsAttributes": { "«3000»": { "label": "Grafana" }, "4000-4010": {} },
  "appPort": ["«8080»:80", «9000»],
}`,
  },
  {
    title: 'a GitHub workflow',
    path: '.github/workflows/ci.yml',
    text: `on: push
jobs:
  test:
    timeout-minutes: 3000
    services:
      postgres:
        image: postgres:16
        ports: ['«5433»:5432', 6379]
    steps:
      - run: echo 3000
`,
  },
  {
    title: 'launch configurations of VS Code',
    path: '.vscode/launch.json',
    text: `{
  // comment 1111
  "version": "0.2.0",
  "configurations": [
    { "name": "api", "env": { "PORT": "«3000»", "API_URL": "http://localhost:«4000»" }, "args": ["--port", "«3001»"], "port": 9229 },
    { "name": "web", "url": "http://localhost:«5173»", },
  ],
}`,
  },
  {
    title: 'an nginx configuration',
    path: 'nginx/site.conf',
    text: `# listen 1111;
upstream grafana { server 127.0.0.1:«3006» weight=5; server 10.0.0.1:3000; }
server {
  listen «8080» default_server;
  listen [::]:«8080»;
  listen 127.0.0.1:«8443» ssl;
  server_name grafana.example.org;
  client_max_body_size 3000;
  location /api/ { proxy_pass http://localhost:«4000»/; proxy_read_timeout 3000; }
  location / { proxy_pass "http://127.0.0.1:«3006»"; }
}
`,
  },
  {
    title: 'a Caddyfile',
    path: 'Caddyfile',
    text: `{
  http_port «8080»
}
# :1111
grafana.localhost:«8443», :«8444» {
  reverse_proxy /api/* localhost:«4000»
  reverse_proxy :«3006»
  respond 404
}
http://plain.localhost:«8445» {
  reverse_proxy 127.0.0.1:«3007» app:3000
}
`,
  },
  {
    title: 'a Caddyfile of one site without braces',
    path: 'Caddyfile',
    text: `:«2015»\n\nreverse_proxy localhost:«9000»\n`,
  },
  {
    title: 'tables of ports in Markdown',
    path: 'docs/PORTS.md',
    text: `# Ports of 3000 things

Grafana is at 3000.

| Service | Port | Notes |
|---------|------|-------|
| Grafana | «3006» | was 3000 |
| **Redis** | \`«6379»\` | |
| Both | 3000/3001 | |
| Block | 8000-8010 | |

\`\`\`
| X | 3000 |
\`\`\`

| Year | People |
|------|--------|
| 2024 | 3000 |

| Service | Old port | New port |
|---------|----------|----------|
| Grafana | 3000 | 3006 |
`,
  },
]
