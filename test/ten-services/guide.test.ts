import { expect, setDefaultTimeout, test } from 'bun:test'
import { dirname, join } from 'node:path'
import { freePort } from '../free-port.fixture.ts'
import { fits, stepsOf } from '../guide.fixture.ts'
import { binary } from '../ports.fixture.ts'
import { until } from '../supervisor.fixture.ts'
import { findPrograms, recipes, TenServices } from './ten-services.fixture.ts'

setDefaultTimeout(240_000)
const programs = findPrograms()
const why = programs.why && ` (skipped: ${programs.why})`
const guide = join(import.meta.dir, '../../docs/guide/ten-services.md')

/** What changes nothing may be asked until it shows what happens by itself. */
const isLooking = /^(tail|grep|ports ps|curl -s 127)/

test.skipIf(programs.why !== '')(
  `everything that the guide to ten services shows is what the program does${why}`,
  async () => {
    const person = new TenServices(programs)
    person.environment['PATH'] = `${dirname(binary)}:${person.environment['PATH']}`
    const text = await Bun.file(guide).text()
    expect(/^```yaml\n(.*?)^```$/ms.exec(text)?.[1]).toBe(await Bun.file(recipes).text())
    const steps = stepsOf(text)
    expect(steps.length).toBeGreaterThan(15)
    const free = new Map(person.freeOf)
    for (const [, number = ''] of steps.flatMap(({ command }) => [...command.matchAll(/ move \w+ (\d+)/g)]))
      free.set(number, freePort())
    const here = new Map([...free].map(([number, port]) => [number, String(port)]))
    const own = new Map([...here].map(([number, port]) => [port, number]))
    const numbersFrom = (map: ReadonlyMap<string, string>, words: string): string =>
      words.replaceAll(/\b\d{4,5}\b/g, (number) => map.get(number) ?? number)
    const supervisors: Bun.Subprocess[] = []
    try {
      for (const { command, shown } of steps) {
        const typed = ['sh', '-c', numbersFrom(here, command.replace(/^(ports serve.*) &$/, 'exec $1'))]
        if (command.endsWith(' &')) {
          supervisors.push(
            Bun.spawn(typed, { cwd: person.home, env: person.environment, stdio: ['ignore', 'ignore', 'inherit'] }),
          )
          continue
        }
        let said: string[] = []
        const look = async (): Promise<boolean> => {
          const { out, err, code } = await person.run(typed)
          said = plain(numbersFrom(own, out))
          if (code !== 0) said.push(`[exit ${code}]`, err)
          return fits(said, shown.flatMap(plain))
        }
        if (isLooking.test(command)) await until(look, command).catch(() => {})
        expect(await look(), `${command}\n${said.join('\n')}`).toBe(true)
      }
    } finally {
      for (const supervisor of supervisors) {
        supervisor.kill('SIGTERM')
        expect(await supervisor.exited).toBe(0)
      }
    }
  },
)

/** The lines without what is another one every time, and without the room that numbers of another length take. */
function plain(text: string): string[] {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.-]+Z/g, 'WHEN')
    .replaceAll(/\bpid \d+(, \d+)*/g, 'pid N')
    .replaceAll(/\b[\d.]+ s\b/g, 'N s')
    .replaceAll(/ {2,}/g, ' ')
    .split('\n')
    .filter(Boolean)
}
