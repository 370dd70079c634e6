import { shorten } from '../text.ts'
import type { Act, Risk, StopPlan } from './plan.ts'

/** What is done, as one would say it to whoever has to agree. */
export function sayAct(act: Act): string {
  switch (act.kind) {
    case 'container':
      return `stop the container ${act.container.name} (${act.container.image}) through ${act.container.engine}`
    case 'unit': {
      const { name, ofUser, triggers } = act.unit
      return `systemctl ${ofUser ? '--user ' : ''}stop ${[...triggers, name].join(' ')}`
    }
    case 'socket':
      return `give up the socket that is kept for ${act.service}`
    case 'processes': {
      const targets = act.targets.map(
        ({ pid, name, arguments: words }) => `${shorten(words.join(' ') || name, 100)} (pid ${pid})`,
      )
      return `end ${act.run === null ? '' : `the run of ${act.run}: `}${targets.join(', ')}`
    }
  }
}

/** What a person should know before it is done. */
export function sayRisk({ kind, about }: Risk): string {
  switch (kind) {
    case 'essential':
      return `${about} is what this machine hangs on`
    case 'forwarder':
      return `${about} forwards for a container that no engine here knows`
    case 'system-unit':
      return `${about} is a service of the whole system`
    case 'somebody-elses':
      return `${about} is another person's`
    case 'other-service':
      return `${about} goes down with it`
    case 'database':
      return `${about} ${about.startsWith('1 ') ? 'is' : 'are'} cut off, whatever was being written`
    case 'other-ports':
      return `port ${about} goes with it`
    case 'connected':
      return `${about} of others ${about.startsWith('1 ') ? 'is' : 'are'} cut off`
    case 'comes-back':
      return `${about} may start it again`
  }
}

/** The plan as a question: what is done, and why it is asked. */
export function sayPlan({ port, protocol, acts, risks }: StopPlan): string {
  const lines = [`To free ${port}/${protocol}:`, ...acts.map((act) => `  ${sayAct(act)}`)]
  return [...lines, ...risks.map((risk) => `  ! ${sayRisk(risk)}`), ''].join('\n')
}
