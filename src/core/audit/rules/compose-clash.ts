import type { Obstacle } from '../../compose-check.ts'
import { hintObstacle, sayObstacle } from '../../obstacle-explain.ts'
import type { Rule } from '../finding.ts'

export const composeClash: Rule = {
  id: 'compose-clash',
  level: 'error',
  summary:
    'A compose project publishes a port that belongs to another registered service, or twice the same, or cannot be read: it or the other one will not start.',
  remedy:
    'Register the service with a port of its own and write the override with `ports compose`; `ports compose check` looks at what runs now as well.',
  needsProject: true,
  find({ project }) {
    const { obstacles = [], unreadable = null } = project ?? {}
    const clashes = obstacles.map((obstacle) => {
      const { publish, port, kind, who } = obstacle
      const told = toldOf(obstacle)
      return {
        services: [publish.service],
        ports: [port],
        facts: {
          kind,
          who,
          protocol: publish.protocol,
          file: publish.file,
          line: publish.line || null,
          says: sayObstacle(told),
        },
        hint: hintObstacle(told),
      }
    })
    if (!unreadable) return clashes
    const { file, line, why } = unreadable
    return [
      {
        services: [],
        ports: [],
        facts: { kind: 'unreadable', file, line, says: `the project cannot be read: ${why}` },
        hint: 'Mend the file; Compose could not use it either.',
      },
      ...clashes,
    ]
  },
  says: ({ facts }) => String(facts.says),
}

function toldOf({ publish: { service, protocol }, ...rest }: Obstacle): Parameters<typeof sayObstacle>[0] {
  return { ...rest, service, protocol }
}
