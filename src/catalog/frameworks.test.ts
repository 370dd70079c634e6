import { expect, test } from 'bun:test'
import { frameworkOf } from './frameworks.ts'

test.each([
  [['node', '/shop/node_modules/.bin/vite', '--port', '3000'], 'Vite'],
  [['/usr/bin/node', '/shop/node_modules/next/dist/server/lib/start-server.js'], 'Next.js'],
  [['next-server (v15.1.0)'], 'Next.js'],
  [['python3', 'manage.py', 'runserver', '8000'], 'Django'],
  [['python3', '-m', 'http.server', '8000'], "Python's http.server"],
  [['/srv/venv/bin/python', '/srv/venv/bin/uvicorn', 'app:app'], 'Uvicorn'],
  [['gunicorn: master [app]'], 'Gunicorn'],
  [['php', 'artisan', 'serve'], 'Laravel'],
  [['php', '-S', 'localhost:8000'], "PHP's own server"],
  [['node', 'server.js', '--name', 'x', 'y', 'z', 'vite'], null],
  [['node', 'constructor'], null],
  [['constructor'], null],
  [[], null],
])('%j', (words, framework) => {
  expect(frameworkOf(words)).toBe(framework)
})
