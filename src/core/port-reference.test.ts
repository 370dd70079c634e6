import { expect, test } from 'bun:test'
import { port } from './port.ts'
import { portsNamed, withPorts } from './port-reference.ts'

const recipe = {
  command: 'a --port {port} --redis {port:Redis} --db={port: Big DB } ${port:-1} {port:}',
  environment: { URL: 'redis://127.0.0.1:{port:redis}/{port}', PLAIN: 'x' },
  cwd: '/',
}

test('a command and an environment name the ports of other services, in any case, and a shell keeps its own words', () => {
  expect(portsNamed(recipe)).toEqual(['redis', 'Big DB'])
  const told = withPorts(recipe, port(1), (name) => port(name === 'Big DB' ? 3 : 2))
  expect(told).toEqual({
    command: 'a --port 1 --redis 2 --db=3 ${port:-1} {port:}',
    environment: { URL: 'redis://127.0.0.1:2/1', PLAIN: 'x' },
    cwd: '/',
  })
})
