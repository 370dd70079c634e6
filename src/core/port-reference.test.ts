import { expect, test } from 'bun:test'
import { port } from './port.ts'
import { portsNamed, withPorts } from './port-reference.ts'

const recipe = {
  command: 'a --port {port} --redis {port of Redis} --db={port of  Big DB } ${port:-1} serve({port:3000}) {port of }',
  environment: { URL: 'redis://127.0.0.1:{port of redis}/{port}', PLAIN: 'x' },
  cwd: '/',
}

test('a command and an environment name the ports of other services, in any case, and shells and scripts keep their own words', () => {
  expect(portsNamed(recipe)).toEqual(['redis', 'Big DB'])
  const told = withPorts(recipe, port(1), (name) => port(name === 'Big DB' ? 3 : 2))
  expect(told).toEqual({
    command: 'a --port 1 --redis 2 --db=3 ${port:-1} serve({port:3000}) {port of }',
    environment: { URL: 'redis://127.0.0.1:2/1', PLAIN: 'x' },
    cwd: '/',
  })
})
