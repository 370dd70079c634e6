import { registryForm } from '../sqlite/registry-form.ts'
import { SqliteFile } from '../sqlite/sqlite-file.ts'
import type { Form } from '../sqlite/form.ts'
import { say, waitAtGate } from './gate.ts'

/** The registry's form as a later version may have it. Its step fails when it is done twice. */
const laterForm: Form = {
  ...registryForm,
  steps: [...registryForm.steps, 'ALTER TABLE services ADD COLUMN later TEXT; CREATE TABLE later (id INTEGER) STRICT'],
}

const file = new SqliteFile(process.argv[2] ?? '', laterForm)
waitAtGate()
say(file.read(null, (connection) => connection.get('SELECT count(later) AS later FROM services')))
file.close()
