import * as z from '../formats/zod.ts'
import { obstaclesOf } from '../core/compose-check.ts'
import type { Obstacle } from '../core/compose-check.ts'
import { planCompose } from '../core/compose-plan.ts'
import type { PortNumber } from '../core/port.ts'
import { enginePublishes } from './compose-program.ts'
import { findProject, projectInput } from './compose-project.ts'
import { noticeShape, shortPath, showNotices } from './compose-shapes.ts'
import { operation } from './operation.ts'
import type { Call } from './operation.ts'

export type ComposeCheck = z.output<typeof output>
const output = z.object({
  project: z.string(),
  /** How many published ports were looked at: those with a number, of services that start. */
  ports: z.int(),
  obstacles: z.array(
    z.object({
      kind: z.enum(['project', 'registry', 'listener', 'other-project']),
      service: z.string(),
      port: z.int(),
      protocol: z.string(),
      who: z.string(),
      pid: z.nullable(z.int()),
      instead: z.nullable(z.int()),
      file: z.string(),
      line: z.int(),
    }),
  ),
  /** What the registry has elsewhere though nothing is in the way: the project would start, on another port than was promised. */
  elsewhere: z.array(z.object({ service: z.string(), registered: z.string(), port: z.int(), instead: z.int() })),
  notices: z.array(noticeShape),
  refusal: z.nullable(z.string()),
  /** Whether an engine told which containers have which ports. */
  engine: z.boolean(),
})

export const composeCheck = operation({
  name: 'compose check',
  summary: 'Says before up whether a compose project would get all its ports; exit code 1 when somebody is in the way.',
  effect: 'read',
  positional: ['files'],
  examples: ['ports compose check', 'ports compose check compose.yaml prod.yaml --profile debug'],
  input: z.object(projectInput),
  output,
  isNo: ({ obstacles, refusal }) => obstacles.length > 0 || refusal !== null,
  async run(world, input, call) {
    const found = await findProject(world, call, input, { withOurs: true })
    const { project } = found
    const registry = await world.registry.read({ host: world.host })
    const plan = planCompose(project, registry, world.host)
    const wanted = project.services
      .filter(({ active }) => active)
      .flatMap(({ publishes }) =>
        publishes.flatMap(({ published, publishedTo }) =>
          publishedTo === null && published !== null ? [published] : [],
        ),
      )
    const [compose] = found.composes.filter(({ major }) => major > 1)
    const [listeners, engine] = await Promise.all([
      world.machine.listeners({ ports: new Set<PortNumber>(wanted), holders: 'all' }),
      compose ? enginePublishes(world, call, compose) : null,
    ])
    const obstacles = obstaclesOf(project, plan, registry, listeners, engine ?? [])
    return {
      project: project.name,
      ports: wanted.length,
      obstacles: obstacles.map((obstacle) => showObstacle(obstacle, call)),
      elsewhere: plan.steps.flatMap((step) => {
        const { published: port, service } = step.publish
        if (step.action !== 'move' || port === null || obstacles.some(({ publish }) => publish === step.publish))
          return []
        return [{ service, registered: step.service, port, instead: step.to }]
      }),
      notices: showNotices(project.notices, call),
      refusal: found.refusal,
      engine: engine !== null,
    }
  },
})

function showObstacle({ publish, ...rest }: Obstacle, call: Call): ComposeCheck['obstacles'][number] {
  const { service, protocol, file, line } = publish
  return { ...rest, service, protocol, file: shortPath(file, call), line }
}
