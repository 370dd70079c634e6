import { expect, test } from 'bun:test'
import { launchAgent, systemdUnit } from './boot-service.ts'

const awkward = {
  program: '/opt/my $tools/100%/"ports"',
  environment: { PATH: '/bin:/a b', HOME_OF_IT: '5% $x & <y>' },
}

test('what systemd would take for its own is written so that it is not', () => {
  const lines = systemdUnit(awkward).split('\n')
  expect(lines).toContain('ExecStart="/opt/my $$tools/100%%/\\"ports\\"" serve')
  expect(lines).toContain('Environment="PATH=/bin:/a b"')
  expect(lines).toContain('Environment="HOME_OF_IT=5%% $x & <y>"')
  expect(lines).toContain('KillMode=process')
})

test('what XML would take for its own is written so that it is not', () => {
  const text = launchAgent(awkward)
  expect(text).toContain('<string>5% $x &amp; &lt;y&gt;</string>')
  expect(text).toContain('<string>/opt/my $tools/100%/"ports"</string>\n    <string>serve</string>')
  expect(text.match(/<dict>/g)?.length).toBe(text.match(/<\/dict>/g)?.length)
})
