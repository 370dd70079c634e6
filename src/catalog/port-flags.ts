/** A port, or what stands for it in a command until it is known. */
export type PortWord = number | '{port}'

/** A program that does not take its port from `PORT` alone, and how it is told. Sources: the programs' own command line references, November 2026. */
export interface PortTaker {
  readonly program: string
  /** The words of which one has to stand in its arguments. Empty where it listens without. */
  readonly when: readonly string[]
  /** The words with which it does something else. */
  readonly unless?: readonly string[]
  /** How a port is given already: then the person's own choice stays. */
  readonly given: readonly string[]
  readonly add: (port: PortWord) => readonly string[]
}

const flag = (port: PortWord): readonly string[] => ['--port', String(port)]
/** Vite and what is built on it take the next port where theirs is in use, and nobody would find them there. */
const strictly = (port: PortWord): readonly string[] => ['--port', String(port), '--strictPort']

export const portTakers: readonly PortTaker[] = [
  { program: 'vite', when: [], unless: ['build', 'optimize'], given: ['--port'], add: strictly },
  { program: 'react-router', when: ['dev'], given: ['--port'], add: strictly },
  { program: 'remix', when: ['vite:dev'], given: ['--port'], add: strictly },
  { program: 'astro', when: ['dev', 'preview'], given: ['--port'], add: flag },
  { program: 'ng', when: ['serve', 's', 'dev'], given: ['--port'], add: flag },
  { program: 'webpack', when: ['serve', 's', 'server'], given: ['--port'], add: flag },
  { program: 'storybook', when: ['dev'], given: ['--port', '-p'], add: flag },
  { program: 'wrangler', when: ['dev'], given: ['--port'], add: flag },
  { program: 'hugo', when: ['server', 'serve'], given: ['--port', '-p'], add: flag },
  { program: 'uvicorn', when: [], given: ['--port', '--uds', '--fd'], add: flag },
  { program: 'fastapi', when: ['dev', 'run'], given: ['--port'], add: flag },
  { program: 'flask', when: ['run'], given: ['--port', '-p'], add: flag },
  {
    program: 'streamlit',
    when: ['run', 'hello'],
    given: ['--server.port'],
    add: (port) => ['--server.port', String(port)],
  },
  { program: 'jupyter', when: ['lab', 'notebook', 'server', 'nbclassic'], given: ['--port'], add: flag },
  { program: 'jupyter-lab', when: [], given: ['--port'], add: flag },
  { program: 'jupyter-notebook', when: [], given: ['--port'], add: flag },
  // Django and http.server take it as a word of its own: any word behind theirs may be it.
  { program: 'manage.py', when: ['runserver'], given: [], add: (port) => [`127.0.0.1:${port}`] },
  { program: 'django-admin', when: ['runserver'], given: [], add: (port) => [`127.0.0.1:${port}`] },
  { program: 'http.server', when: [], given: [], add: (port) => [String(port)] },
]

/** Where the port stands as a bare word: `8000`, `0.0.0.0:8000`, `[::1]:8000`. */
const bare = /^(?:[\w.-]+:|\[[0-9a-f:]+\]:)?\d{1,5}$/i

/** The row for a program that is called with these arguments, null where it needs none. */
export function portTakerOf(program: string, words: readonly string[]): PortTaker | null {
  const asks = (some: readonly string[]): boolean => some.some((word) => words.includes(word))
  return (
    portTakers.find(
      ({ program: name, when, unless = [] }) => name === program && (when.length === 0 || asks(when)) && !asks(unless),
    ) ?? null
  )
}

/** The word by which the arguments choose a port already, null where none does. */
export function portGiven(taker: PortTaker, words: readonly string[]): string | null {
  if (taker.given.length === 0) return words.find((word) => bare.test(word)) ?? null
  return words.find((word) => taker.given.some((name) => word === name || word.startsWith(`${name}=`))) ?? null
}
