import { explainDrift } from '../../drift-explain.ts'
import type { Rule } from '../finding.ts'

export const driftRule: Rule = {
  id: 'drift',
  level: 'warning',
  summary:
    'A file of the project says another port than the registry, so what is started by it runs into somebody, or is looked for where it is not.',
  remedy: 'See every place with `ports drift`, and mend them with `ports drift --fix`.',
  needsProject: true,
  find({ project }) {
    // What is only likely is for a person who asks: `ports drift` shows it.
    const sure = (project?.drifts ?? []).filter(({ confidence }) => confidence === 'sure')
    return sure.map((drift) => {
      const { mention, service, shouldSay } = drift
      return {
        services: [service],
        ports: [mention.port],
        facts: { file: mention.file, line: mention.line, column: mention.column, shouldSay, why: explainDrift(drift) },
        hint:
          shouldSay === null
            ? `Decide which port is meant: ports list shows those of ${service}.`
            : `Write ${shouldSay}, or let it be written: ports drift --fix`,
      }
    })
  },
  says: ({ ports, facts: { why } }) => `a file says ${ports[0]}: ${why}`,
}
