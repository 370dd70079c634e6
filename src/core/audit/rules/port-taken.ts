import type { Rule } from '../finding.ts'

export const portTaken: Rule = {
  id: 'port-taken',
  level: 'error',
  summary: 'Another program than the service that owns the port listens on it.',
  remedy: 'End the other program with `ports kill`, or move the service.',
  find({ seen }) {
    return [...(seen?.judged ?? [])].flatMap(([allocation, { verdict, evidence }]) => {
      if (verdict !== 'taken' || !evidence) return []
      const { holder, identified } = evidence
      return {
        services: identified.service ? [allocation.service, identified.service] : [allocation.service],
        ports: [allocation.port],
        facts: {
          holder: identified.service ?? holder?.name ?? identified.name ?? 'somebody',
          pid: holder?.pid ?? null,
          by: identified.by,
        },
        hint: `Look at it with 'ports who ${allocation.port}'; end it with 'ports kill ${allocation.port}', or move ${allocation.service}.`,
      }
    })
  },
  says: ({ services, ports, facts: { holder, pid, by } }) =>
    `${ports[0]} of ${services[0]} is taken by ${holder} (${pid === null ? by : `pid ${pid}`})`,
}
