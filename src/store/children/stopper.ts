import { registryForm } from '../sqlite/registry-form.ts'
import { SqliteFile } from '../sqlite/sqlite-file.ts'
import { inTurn } from '../../machine/writers.ts'
import { say, waitAtGate } from './gate.ts'

/** Opens a registry and stops itself (SIGSTOP) in the midst of a change of it, or between two changes. Arguments: the path, `within` or `between`. */
const [, , path = '', where = ''] = process.argv
const file = new SqliteFile(path, registryForm, inTurn)
const stop = (): void => {
  say('stops')
  process.kill(process.pid, 'SIGSTOP')
  // The signal may reach another thread of ours first.
  Bun.sleepSync(50)
}
const rename = (name: string, then: () => void): void =>
  file.write(
    () => {},
    (connection) => {
      connection.run('UPDATE services SET description = ?', name)
      then()
    },
  )
waitAtGate()
if (where === 'within') rename('half', stop)
else {
  rename('whole', () => {})
  stop()
}
rename('last', () => {})
file.close()
