import { groupBy } from '../../groups.ts'
import { skeleton } from '../../skeleton.ts'
import { list } from '../../text.ts'
import type { Rule } from '../finding.ts'

export const lookAlikes: Rule = {
  id: 'look-alikes',
  level: 'notice',
  summary:
    'Two services have names that a reader takes for the same, so one of them will be started or stopped for the other.',
  remedy: 'Register one under another name, or release the one that is meant twice.',
  mutual: true,
  find({ registry, host }) {
    const here = registry.services.filter((service) => service.host === host)
    return [...groupBy(here, ({ name }) => skeleton(name))].flatMap(([key, services]) => {
      const [first, ...others] = services
      if (key === '' || !first || !others.length) return []
      return {
        services: services.map(({ name }) => name),
        ports: [],
        facts: {},
        hint: `Release the one that is meant twice (ports release "${others[0]?.name}"), or register it under another name.`,
      }
    })
  },
  says: ({ services }) => `${list(services.map((name) => `'${name}'`))} are easily taken for each other`,
}
