import type { Clue } from './compose-match.ts'
import { serviceLabel } from './compose-match.ts'
import type { ComposeStep } from './compose-plan.ts'
import type { Publish } from './compose.ts'
import { list } from './text.ts'

const clues: Readonly<Record<Clue, string>> = {
  label: `its label ${serviceLabel}`,
  name: 'its name',
  'container-name': "its container's name",
  alias: 'an alias on a network',
  image: 'its image',
  'container-port': 'its container port',
}

/** Why the step is what it is, in one sentence without a full stop: `Grafana (known by its image) has 3006 in the registry`. */
export function explainStep(step: ComposeStep): string {
  const { publish } = step
  const owned =
    step.action === 'unregistered' && step.owner !== null ? `; ${portText(publish)} belongs to ${step.owner}` : ''
  switch (step.action) {
    case 'keep':
      return `${step.service} (known by ${clues[step.by]}) has ${portText(publish)} in the registry`
    case 'move':
      return `${step.service} (known by ${clues[step.by]}) has ${step.to} in the registry`
    case 'ambiguous':
      if (step.candidates.length === 1)
        return `more than one published port may be ${list(step.candidates)}: ${ask(publish)}`
      return `${clues[step.by]} fits ${list(step.candidates)}: ${ask(publish)}`
    case 'unregistered':
      switch (step.why) {
        case 'no-service':
          return `no registered service is like it${owned}`
        case 'unknown-label':
          return `its label names ${step.service}, which is not registered${owned}`
        case 'no-port':
          return `${step.service} has no ${publish.protocol} port in the registry${owned}`
        case 'given':
          return `the port of ${step.service} goes to another published port${owned}`
      }
  }
}

function ask(publish: Publish): string {
  return `say which with the label ${serviceLabel}.${publish.target}`
}

/** `3000`, `8000-8010`, or `a free port`, with the protocol where it is not tcp. */
export function portText({ published, publishedTo, protocol }: Publish): string {
  const port =
    published === null ? 'a free port' : publishedTo === null ? `${published}` : `${published}-${publishedTo}`
  return protocol === 'tcp' ? port : `${port}/${protocol}`
}
