import { expect, test } from 'bun:test'
import { port } from '../../core/port.ts'
import { listeningOf } from './listening.ts'

const scripts = {
  dev: 'vite --host',
  'dev:fixed': 'vite --port 3100',
  api: 'PORT=3001 node server.js',
  open: 'node server.js --port ${PORT:-3002}',
  admin: 'node server.js --port ${ADMIN_PORT:-3003}',
  named: 'node server.js -p $PORT',
  all: 'turbo run dev',
  indirect: 'npm run dev',
  circle: 'npm run circle',
  odd: 'node a.js | tee log',
}

/** `command` and what is known of its port: `3000` named, `3000!` fixed, `3000?` usual, `+` it serves, `-` nothing tells so, `several NAME`. */
function told(command: string): string {
  const { command: after, named, usual, fixed, serves, several } = listeningOf(command, scripts)
  const ports = [named === null ? '' : `${named}${fixed ? '!' : ''}`, usual === null ? '' : `${usual}?`]
  return [after, ...ports, serves ? '+' : '-', several === null ? '' : `several ${several}`].filter(Boolean).join(' ')
}

test.each([
  // What the command itself says is replaced, so that it goes where it is told.
  ['uvicorn main:app --port 8123', 'uvicorn main:app --port {port} 8123 +'],
  ['PORT=3001 node server.js', 'PORT={port} node server.js 3001 +'],
  ['python3 -m http.server 8000', 'python3 -m http.server {port} 8000 +'],
  ['gunicorn -w 2 --bind 127.0.0.1:8000 app', 'gunicorn -w 2 --bind 127.0.0.1:{port} app 8000 +'],
  ['a --port 3000 && b --port 3000 --port 4000', 'a --port {port} && b --port {port} --port 4000 3000 +'],
  // Of others it tells nothing.
  ['DB_PORT=5432 node worker.js', 'DB_PORT=5432 node worker.js -'],
  ['curl http://localhost:3000', 'curl http://localhost:3000 -'],
  ['bundle exec sidekiq', 'bundle exec sidekiq -'],
  // PORT is set for it.
  ['puma -p $PORT', 'puma -p $PORT +'],
  ['serve -l ${PORT:-3000}', 'serve -l ${PORT:-3000} 3000? +'],
  ['serve -l ${WEB_PORT:-3000}', 'serve -l ${WEB_PORT:-3000} 3000! +'],
  ['echo $PORTS', 'echo $PORTS -'],
  // Frameworks get the flag that they need.
  ['vite', 'vite --port {port} --strictPort 5173? +'],
  ['npx vite "my root"', 'npx vite "my root" --port {port} --strictPort 5173? +'],
  ['vite preview', 'vite preview --port {port} --strictPort 4173? +'],
  ['vite build', 'vite build -'],
  ['next dev', 'next dev 3000? +'],
  ['next build', 'next build -'],
  ['python manage.py runserver', 'python manage.py runserver 127.0.0.1:{port} 8000? +'],
  // Scripts are looked into, and what stands there is not ours to replace.
  ['npm run dev', 'npm run dev -- --port {port} --strictPort 5173? +'],
  ['pnpm run dev', 'pnpm run dev --port {port} --strictPort 5173? +'],
  ['npm run indirect', 'npm run indirect -- -- --port {port} --strictPort 5173? +'],
  ['npm run dev:fixed', 'npm run dev:fixed 3100! +'],
  ['npm run api', 'npm run api 3001! +'],
  ['npm run open', 'npm run open 3002? +'],
  ['npm run admin', 'npm run admin 3003! +'],
  ['npm run named', 'npm run named +'],
  ['npm run all', 'npm run all - several turbo'],
  ['npm run circle', 'npm run circle -'],
  ['npm run nowhere', 'npm run nowhere -'],
  ['npm run odd', 'npm run odd -'],
])('%s', (command, expected) => {
  expect(told(command)).toBe(expected)
})

test('a port that nobody could listen on is none', () => {
  expect(listeningOf('node x --port 70000', {}).named).toBeNull()
  expect(listeningOf('node x --port 65535', {}).named).toBe(port(65_535))
})
