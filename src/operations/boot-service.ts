import * as z from '../formats/zod.ts'
import { agentName, launchAgent, systemdUnit, unitName } from '../core/boot-service.ts'
import { isProblem, Problem } from '../core/problem.ts'
import { supervisorTurn } from '../core/setback.ts'
import { isPrintable } from '../core/text.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'
import { dryRunInput } from './shapes.ts'
import { askUserManager, requireUserManager, tellUserManager } from './user-manager.ts'
import type { World } from './world.ts'

export type BootServiceInstalled = z.output<typeof installed>
const installed = z.object({ dryRun: z.boolean(), path: z.string(), text: z.string() })

export const serviceInstall = operation({
  name: 'service install',
  summary:
    'Lets the system start the supervisor whenever you are there: a systemd user unit, printed before it is written.',
  effect: 'write',
  positional: [],
  examples: ['ports service install --dry-run', 'ports service install'],
  input: z.object({ dryRun: dryRunInput }),
  output: installed,
  async run(world, { dryRun }, call) {
    const { path, text } = planned(world, call)
    if (dryRun) return { dryRun, path, text }
    await requireUserManager(world, path, call)
    for (const line of [`${path}:`, ...text.split('\n')]) call.progress(line)
    await world.files.write(path, text)
    await tellUserManager(world, path, ['daemon-reload'], call)
    await tellUserManager(world, path, ['--quiet', 'enable', '--now', unitName], call)
    return { dryRun, path, text }
  },
})

export type BootServiceStatus = z.output<typeof status>
const status = z.object({
  path: z.string(),
  /** `outdated`: another program or another place than now would stand there. */
  state: z.enum(['installed', 'outdated', 'missing']),
  /** What the manager says of it; null where none answers. */
  active: z.nullable(z.string()),
  supervisor: z.nullable(z.int()),
})

export const serviceStatus = operation({
  name: 'service status',
  summary: 'Tells whether the system starts the supervisor, and whether one runs.',
  effect: 'read',
  positional: [],
  examples: ['ports service status'],
  input: z.object({}),
  output: status,
  isNo: ({ state }) => state !== 'installed',
  async run(world, _input, call) {
    const { path, text } = planned(world, call)
    const there = await textAt(world, path)
    const active = await askUserManager(world, ['is-active', unitName], call)
    const holder = await world.journal.turn(supervisorTurn)
    return {
      path,
      state: there === null ? 'missing' : there === text ? 'installed' : 'outdated',
      active: active && active.out.trim(),
      supervisor: holder && (await world.machine.alive(holder)) ? holder.pid : null,
    } as const
  },
})

export type BootServiceRemoved = z.output<typeof removed>
const removed = z.object({ dryRun: z.boolean(), path: z.string() })

export const serviceUninstall = operation({
  name: 'service uninstall',
  summary: 'Takes the unit away again and ends its supervisor. The services go on.',
  effect: 'write',
  positional: [],
  examples: ['ports service uninstall'],
  input: z.object({ dryRun: dryRunInput }),
  output: removed,
  async run(world, { dryRun }, call) {
    const { path } = planned(world, call)
    if ((await textAt(world, path)) === null) throw new Problem('boot-service-missing', { path })
    if (dryRun) return { dryRun, path }
    const answers = (await askUserManager(world, ['show-environment'], call))?.code === 0
    if (answers) await tellUserManager(world, path, ['--quiet', 'disable', '--now', unitName], call)
    await world.files.remove(path)
    if (answers) await tellUserManager(world, path, ['daemon-reload'], call)
    return { dryRun, path }
  },
})

/** The variables that decide where everything of ours lies and where programs are found, as they are now: a service manager knows none of them. */
const kept = ['PATH', 'XDG_DATA_HOME', 'IZA_PORTS_HOME', 'IZA_PORTS_STORE', 'IZA_PORTS_HOST']

function planned({ files }: World, { environment }: Call): { path: string; text: string } {
  const variables = kept.flatMap((name): [string, string][] => {
    const value = environment[name]
    return value ? [[name, value]] : []
  })
  for (const [name, value] of [['the path of the program', files.program], ...variables] as const)
    if (!isPrintable(value)) throw new Problem('boot-service-unsafe', { name })
  const service = { program: files.program, environment: Object.fromEntries(variables) }
  const home = environment.HOME ?? ''
  if (files.system === 'darwin')
    return { path: `${home}/Library/LaunchAgents/${agentName}.plist`, text: launchAgent(service) }
  const config = environment.XDG_CONFIG_HOME?.startsWith('/') ? environment.XDG_CONFIG_HOME : `${home}/.config`
  return { path: `${config}/systemd/user/${unitName}`, text: systemdUnit(service) }
}

async function textAt(world: World, path: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await world.files.read(path))
  } catch (error) {
    if (isProblem(error, 'file-missing')) return null
    throw error
  }
}
