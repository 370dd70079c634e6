import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, interleave } from './measure.ts'
import { homeWithDocument, ports, temporaryFolder } from './ports.ts'
import { below, compared, heading } from './print.ts'

const fileCount = 20_000
const perFolder = 10

/** How long a tree of 20,000 files takes, a tenth of them of a kind that may speak of ports. */
export async function measureDrift(): Promise<void> {
  heading(`drift, a tree of ${fileCount} files, ${fileCount / perFolder} of them read`)
  const tree = plantTree()
  const home = homeWithDocument()
  const drift = ports(home, 'drift', tree)
  const grep = command('grep -rn', ['grep', '-rn', '3000', tree])
  const times = await interleave({ drift, grep }, 5)
  below('ports drift, end to end', times.drift.median, 'ms', 3000)
  compared('ports drift', times.drift, 'grep -rn 3000', times.grep)
}

/** Sources as a project has them, and in each folder one file that speaks of ports, of each kind in turn; none says anything wrong, for then the answer would be measured too. */
function plantTree(): string {
  const root = temporaryFolder()
  const source = 'export const value = compute(input, 3000)\n'.repeat(60)
  const kinds: [string, string][] = [
    ['.env', 'PORT=4321\nGRAFANA_PORT=3006\nAPI_URL=http://localhost:4321\n'],
    ['docker-compose.yml', 'services:\n  grafana:\n    image: grafana/grafana\n    ports:\n      - "3006:3000"\n'],
    ['package.json', '{ "name": "shop", "scripts": { "dev": "vite --port 4321", "test": "vitest run" } }\n'],
    [
      'vite.config.ts',
      "import { defineConfig } from 'vite'\nexport default defineConfig({ server: { port: 4321 } })\n",
    ],
    [
      'README.md',
      `# Shop\n\n${'Words about the shop.\n'.repeat(60)}\n| Service | Port |\n| --- | --- |\n| Grafana | 3006 |\n`,
    ],
  ]
  for (let at = 0; at < fileCount / perFolder; at++) {
    const folder = join(root, `area-${at % 40}`, `part-${at}`)
    mkdirSync(folder, { recursive: true })
    const [name, text] = kinds[at % kinds.length] ?? ['.env', '']
    writeFileSync(join(folder, name), text)
    for (let file = 1; file < perFolder; file++) writeFileSync(join(folder, `module-${file}.ts`), source)
  }
  return root
}
