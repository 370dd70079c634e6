/** Names of programs and modules that serve an application, with what people call them. */
const frameworks: Readonly<Record<string, string>> = {
  vite: 'Vite',
  next: 'Next.js',
  'next-server': 'Next.js',
  nuxt: 'Nuxt',
  nuxi: 'Nuxt',
  astro: 'Astro',
  gatsby: 'Gatsby',
  ng: 'Angular',
  'react-router': 'React Router',
  remix: 'Remix',
  'react-scripts': 'Create React App',
  'vue-cli-service': 'Vue CLI',
  'svelte-kit': 'SvelteKit',
  webpack: 'webpack',
  'webpack-dev-server': 'webpack',
  parcel: 'Parcel',
  storybook: 'Storybook',
  'start-storybook': 'Storybook',
  expo: 'Expo',
  wrangler: 'Wrangler',
  'json-server': 'json-server',
  'http-server': 'http-server',
  nest: 'NestJS',
  'http.server': "Python's http.server",
  uvicorn: 'Uvicorn',
  gunicorn: 'Gunicorn',
  hypercorn: 'Hypercorn',
  daphne: 'Daphne',
  flask: 'Flask',
  fastapi: 'FastAPI',
  streamlit: 'Streamlit',
  gradio: 'Gradio',
  'jupyter-lab': 'Jupyter',
  'jupyter-notebook': 'Jupyter',
  jupyter: 'Jupyter',
  mkdocs: 'MkDocs',
  puma: 'Puma',
  rackup: 'Rack',
  rails: 'Rails',
  jekyll: 'Jekyll',
  hugo: 'Hugo',
  'spring-boot:run': 'Spring Boot',
}

/** The framework that serves, as far as the arguments of the process tell. Null where nothing does: a plain `node server.js` may be anything. */
export function frameworkOf(words: readonly string[]): string | null {
  // A title that a program gives itself is one word with spaces: `next-server (v15.1.0)`, `puma 6.4 (tcp://...)`.
  const [title = ''] = words
  const named = words.length === 1 ? title.split(/[ :]/, 1) : words.slice(0, 6)
  if (words.some((word) => word.endsWith('manage.py')) && words.includes('runserver')) return 'Django'
  if (baseName(title).startsWith('php') && (words.includes('-S') || words.includes('serve')))
    return words.some((word) => baseName(word) === 'artisan') ? 'Laravel' : "PHP's own server"
  for (const word of named) {
    const name = baseName(word).replace(/\.[cm]?js$/, '')
    if (Object.hasOwn(frameworks, name)) return frameworks[name] ?? null
  }
  return inPackage(words[1] ?? '')
}

/** `node_modules/vite/bin/vite.js` is told above; this one tells `node_modules/next/dist/server/lib/start-server.js`. */
function inPackage(script: string): string | null {
  const name = /\/node_modules\/(?:@[^/]+\/)?([^/]+)\//.exec(script)?.[1]
  return name !== undefined && Object.hasOwn(frameworks, name) ? (frameworks[name] ?? null) : null
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
