import { describe, expect, test } from 'bun:test'
import { portTakers } from './port-flags.ts'
import { withPort } from './run-command.ts'
import { lastCommand } from './script-text.ts'

const scripts = {
  dev: 'vite',
  'dev:host': 'NODE_ENV=development vite --host',
  checked: 'tsc --noEmit && vite',
  outer: 'npm run dev',
  outermost: 'npm run outer',
  circle: 'npm run circle',
  fixed: 'vite --port 3000',
  both: 'concurrently "vite" "node server.js"',
  piped: 'vite | tee log',
  own: 'next dev -p $PORT',
  start: 'ng serve',
  api: 'python manage.py runserver',
  behind: 'streamlit run app.py -- --theme dark',
  build: 'vite build',
}

/** What is run in the end, or the kind of answer where nothing was added. */
function run(line: string): string {
  const answer = withPort(line.split(' '), 4321, scripts)
  if (answer.kind === 'fixed') return `fixed by ${answer.word}`
  return answer.kind === 'added' ? answer.command.join(' ') : 'none'
}

const cases: readonly (readonly [string, string])[] = [
  ['vite', 'vite --port 4321 --strictPort'],
  ['vite preview --host', 'vite preview --host --port 4321 --strictPort'],
  ['vite ./web', 'vite ./web --port 4321 --strictPort'],
  ['vite build', 'none'],
  ['npx vite', 'npx vite --port 4321 --strictPort'],
  ['node_modules/.bin/vite dev', 'node_modules/.bin/vite dev --port 4321 --strictPort'],
  ['pnpm exec astro dev', 'pnpm exec astro dev --port 4321'],
  ['npm exec -- ng serve', 'npm exec -- ng serve --port 4321'],
  ['react-router dev', 'react-router dev --port 4321 --strictPort'],
  ['react-router build', 'none'],
  ['python3 manage.py runserver', 'python3 manage.py runserver 127.0.0.1:4321'],
  ['python manage.py runserver 0.0.0.0:8000', 'fixed by 0.0.0.0:8000'],
  ['python manage.py migrate', 'none'],
  ['python3.11 -m http.server', 'python3.11 -m http.server 4321'],
  ['uv run uvicorn main:app --reload', 'uv run uvicorn main:app --reload --port 4321'],
  ['uvicorn main:app --port=8000', 'fixed by --port=8000'],
  ['python -m flask --app shop run', 'python -m flask --app shop run --port 4321'],
  ['flask run -p 5000', 'fixed by -p'],
  ['streamlit run app.py -- --theme dark', 'streamlit run app.py --server.port 4321 -- --theme dark'],
  ['jupyter lab', 'jupyter lab --port 4321'],
  ['jupyter nbconvert a.ipynb', 'none'],
  ['cross-env A=1 vite', 'cross-env A=1 vite --port 4321 --strictPort'],
  ['node server.js', 'none'],
  ['npm run dev', 'npm run dev -- --port 4321 --strictPort'],
  ['npm run dev -- --host', 'npm run dev -- --host --port 4321 --strictPort'],
  ['npm run dev -- --port 99', 'fixed by --port'],
  ['npm run dev:host', 'npm run dev:host -- --port 4321 --strictPort'],
  ['npm run checked', 'npm run checked -- --port 4321 --strictPort'],
  ['npm run outer', 'npm run outer -- -- --port 4321 --strictPort'],
  ['npm run outermost', 'npm run outermost -- -- -- --port 4321 --strictPort'],
  ['npm start', 'npm start -- --port 4321'],
  ['pnpm dev', 'pnpm dev --port 4321 --strictPort'],
  ['pnpm run dev', 'pnpm run dev --port 4321 --strictPort'],
  ['yarn dev', 'yarn dev --port 4321 --strictPort'],
  ['bun run dev', 'bun run dev --port 4321 --strictPort'],
  ['npm run api', 'npm run api -- 127.0.0.1:4321'],
  ['npm run fixed', 'fixed by --port'],
  ['npm run both', 'none'],
  ['npm run piped', 'none'],
  ['npm run own', 'none'],
  ['npm run behind', 'none'],
  ['npm run build', 'none'],
  ['npm run circle', 'none'],
  ['npm run nowhere', 'none'],
  ['npm run constructor', 'none'],
  ['npm --prefix web run dev', 'none'],
  ['npm install vite', 'none'],
]

describe('the words that a program needs to listen on its port', () => {
  for (const [given, expected] of cases) {
    test(`${given}: ${expected}`, () => {
      expect(run(given)).toBe(expected)
    })
  }

  test('are the same whoever asks, and never change what stands there', () => {
    for (const taker of portTakers) {
      const word = taker.when[0] ?? 'app'
      const command = [taker.program, word]
      const answer = withPort(command, 4321, {})
      expect(answer).toMatchObject({ kind: 'added', command: [...command, ...taker.add(4321)] })
      // What was added is seen the second time.
      if (answer.kind === 'added') expect(withPort(answer.command, 99, {}).kind).toBe('fixed')
    }
  })
})

test('the last command of a script is known only where the script is nothing but commands one after the other', () => {
  expect(lastCommand('tsc -b && vite --open "/a b"')).toEqual(['vite', '--open', '/a b'])
  for (const script of ['', 'a | b', 'a & b', 'a > b', 'a $(b)', 'a # b', 'a `b`'])
    expect(lastCommand(script)).toBeNull()
})
