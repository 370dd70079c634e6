import { port } from '../core/port.ts'
import type { PortNumber } from '../core/port.ts'
import { frameworkOf } from './frameworks.ts'

/** Where frameworks listen when nobody says a port. Sources: the projects' own references, November 2026. */
const defaults: Readonly<Record<string, number>> = {
  Vite: 5173,
  'Next.js': 3000,
  Nuxt: 3000,
  Astro: 4321,
  Gatsby: 8000,
  Angular: 4200,
  'React Router': 5173,
  'Create React App': 3000,
  'Vue CLI': 8080,
  SvelteKit: 5173,
  webpack: 8080,
  Parcel: 1234,
  Storybook: 6006,
  Expo: 8081,
  Wrangler: 8787,
  'json-server': 3000,
  'http-server': 8080,
  NestJS: 3000,
  "Python's http.server": 8000,
  Django: 8000,
  Uvicorn: 8000,
  Gunicorn: 8000,
  Hypercorn: 8000,
  Daphne: 8000,
  Flask: 5000,
  FastAPI: 8000,
  Streamlit: 8501,
  Gradio: 7860,
  Jupyter: 8888,
  MkDocs: 8000,
  Puma: 9292,
  Rack: 9292,
  Rails: 3000,
  Laravel: 8000,
  Jekyll: 4000,
  Hugo: 1313,
  'Spring Boot': 8080,
}

/** The words with which a framework serves what was built, on another port than it develops on. */
const previews: Readonly<Record<string, number>> = { Vite: 4173 }

/** Words with which a framework does something else than serve. */
const others = new Set([
  'build',
  'optimize',
  'lint',
  'test',
  'export',
  'generate',
  'migrate',
  'sync',
  'check',
  'deploy',
  'new',
])

/** The port of the framework that the words start; null where they start none, or none that serves. */
export function frameworkPort(words: readonly string[]): PortNumber | null {
  const framework = frameworkOf(words)
  if (framework === null || words.some((word) => others.has(word))) return null
  const number = (words.includes('preview') ? previews[framework] : undefined) ?? defaults[framework]
  return number === undefined ? null : port(number)
}
