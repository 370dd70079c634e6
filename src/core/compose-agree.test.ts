import { expect, test } from 'bun:test'
import { differencesFrom, withTruth } from './compose-agree.ts'
import { host, projectOf, registryOf } from './compose-plan.fixture.ts'
import { planCompose } from './compose-plan.ts'

test("Compose's own reading counts, with our places where both know the port", () => {
  const own = projectOf({ web: { ports: ['3000:80', '3001:81'] }, debug: { ports: ['1:1'], active: false } })
  const theirs = projectOf({ web: { ports: ['3000:80', '3002:81'] }, more: { ports: ['5:5'] } })
  const far = {
    ...theirs,
    services: theirs.services.map((service) => ({
      ...service,
      publishes: service.publishes.map((one) => ({ ...one, line: 0 })),
    })),
  }
  const { project, differences } = withTruth(own, far)
  expect(differences).toEqual(['web', 'more'])
  expect(
    project.services.map(({ name, publishes }) => [
      name,
      publishes.map(({ published, line }) => [Number(published), line]),
    ]),
  ).toEqual([
    [
      'web',
      [
        [3000, 1],
        [3002, 0],
      ],
    ],
    ['debug', [[1, 1]]],
    ['more', [[5, 0]]],
  ])
})

test('nothing differs where both read the same', () => {
  const own = projectOf({ web: { ports: ['3000:80'] } })
  expect(withTruth(own, projectOf({ web: { ports: ['3000:80'] } }))).toEqual({ project: own, differences: [] })
})

test('a merged project that publishes the old port too is not what was planned', () => {
  const project = projectOf({ grafana: { ports: ['3000:3000'] }, web: { ports: ['1:1'] } })
  const plan = planCompose(project, registryOf({ Grafana: [3006] }), host)
  expect(differencesFrom(plan, projectOf({ grafana: { ports: ['3006:3000'] }, web: { ports: ['1:1'] } }))).toEqual([])
  expect(
    differencesFrom(plan, projectOf({ grafana: { ports: ['3000:3000', '3006:3000'] }, web: { ports: ['1:1'] } })),
  ).toEqual(['grafana 3000 for 3000/tcp is published too'])
  expect(differencesFrom(plan, projectOf({ grafana: { ports: [] }, web: { ports: ['1:1'] } }))).toEqual([
    'grafana 3006 for 3000/tcp is missing',
  ])
})
