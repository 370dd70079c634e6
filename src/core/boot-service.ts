/** What a service manager is told so that the supervisor runs whenever the user is there. */
export interface BootService {
  /** Path of the program, absolute. */
  readonly program: string
  /** Variables that decide where everything of ours lies, as they were when it was installed. */
  readonly environment: Readonly<Record<string, string>>
}

export const unitName = 'iza-ports.service'
export const agentName = 'io.iza.ports'

/**
 * A systemd user unit (systemd.service(5)). What the supervisor starts stands in its control group. `KillMode=process`: stopping it ends the supervisor alone, as
 * the services outlive it. `OOMPolicy=continue`: a service that takes too much memory does not end the supervisor. `TasksMax=infinity`: all services together are
 * not held to what one may have.
 */
export function systemdUnit({ program, environment }: BootService): string {
  return [
    '[Unit]',
    'Description=IZA Ports keeps wanted services up',
    '',
    '[Service]',
    // A variable would be put in there for `$`, but not in `Environment=`.
    `ExecStart=${quoted(program).replaceAll('$', '$$$$')} serve`,
    ...Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    'Restart=on-failure',
    'RestartSec=1',
    '# 1: somebody is the supervisor already. 2: it was called wrongly.',
    'RestartPreventExitStatus=1 2',
    'KillMode=process',
    'OOMPolicy=continue',
    'TasksMax=infinity',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
}

/** One word of a unit file: quotes hold spaces, and `%` begins a specifier (systemd.syntax(7)). */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`
}

/** A launchd agent (launchd.plist(5)). `AbandonProcessGroup`: what the supervisor started is not ended with it. */
export function launchAgent({ program, environment }: BootService): string {
  const pairs = Object.entries(environment).flatMap(([name, value]) => [
    `    <key>${xml(name)}</key>`,
    `    <string>${xml(value)}</string>`,
  ])
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    '  <key>Label</key>',
    `  <string>${agentName}</string>`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    `    <string>${xml(program)}</string>`,
    '    <string>serve</string>',
    '  </array>',
    ...(pairs.length ? ['  <key>EnvironmentVariables</key>', '  <dict>', ...pairs, '  </dict>'] : []),
    '  <key>RunAtLoad</key>',
    '  <true/>',
    '  <key>KeepAlive</key>',
    '  <dict>',
    '    <key>SuccessfulExit</key>',
    '    <false/>',
    '  </dict>',
    '  <key>AbandonProcessGroup</key>',
    '  <true/>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n')
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
