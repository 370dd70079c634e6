import { expect, test } from 'bun:test'
import { composeVersion } from './version.ts'

const cases: readonly (readonly [string, string | null, boolean])[] = [
  ['Docker Compose version v2.24.4', '2.24.4', true],
  ['Docker Compose version v2.24.3', '2.24.3', false],
  ['Docker Compose version 2.26.1-4', '2.26.1', true],
  ['Docker Compose version v2.3.3\n', '2.3.3', false],
  ['Docker Compose version v5.0.0-desktop.1', '5.0.0', true],
  [
    'docker-compose version 1.29.2, build unknown\ndocker-py version: 5.0.3\nCPython version: 3.11.2\nOpenSSL version: OpenSSL 3.0.16',
    '1.29.2',
    false,
  ],
  ['2.24.4', '2.24.4', true],
  ['{"version":"v2.40.3"}', '2.40.3', true],
  ["docker: 'compose' is not a docker command.", null, false],
]

test.each(cases)('reads %j', (text, version, overrides) => {
  const read = composeVersion(text)
  expect(read?.version ?? null).toBe(version)
  expect(read?.overrides ?? false).toBe(overrides)
})
