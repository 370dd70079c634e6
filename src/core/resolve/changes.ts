import { anyAddress } from '../address.ts'
import type { Change } from '../commit.ts'
import { findService } from '../registry.ts'
import type { Registry } from '../registry.ts'
import type { ResolvePlan, Step } from './request.ts'

/** What the plan does to the registry, in one commit: every move with its record, which is what a person would have written down. */
export function changesOf(
  plan: ResolvePlan,
  { registry, host }: { readonly registry: Registry; readonly host: string },
  when: string,
  newId: () => string,
): Change[] {
  return plan.steps.flatMap((step) => changesOfStep(step, registry, host, when, newId))
}

function changesOfStep(step: Step, registry: Registry, host: string, when: string, newId: () => string): Change[] {
  const { why } = step
  switch (step.do) {
    case 'move': {
      const { id, fence, service, port: from } = step.allocation
      const known = findService(registry, host, service)
      return [
        { do: 'move', id, fence, candidates: [step.to] },
        { do: 'record', resolution: { host, service, from, to: step.to, why, when } },
        ...(known && !known.resolved ? [{ do: 'put-service', service: { ...known, resolved: true } } as const] : []),
      ]
    }
    case 'register': {
      const { service: name, range, from, to } = step
      const service = { host, name, description: '', range, resolved: true, declared: 'reserved' as const }
      const place = { protocol: 'tcp', address: anyAddress, candidates: [to], within: null } as const
      const nobody = { owner: null, expires: null, sole: false } as const
      return [
        { do: 'put-service', service },
        { do: 'allocate', id: newId(), kind: 'reservation', host, service: name, ...place, ...nobody },
        ...(from === to ? [] : [{ do: 'record', resolution: { host, service: name, from, to, why, when } } as const]),
      ]
    }
    case 'record':
      return [{ do: 'record', resolution: { host, service: step.service, from: step.from, to: step.to, why, when } }]
    case 'accept':
      return step.ends.map((rule) => ({
        do: 'put-ruling',
        ruling: { host, rule, about: step.service, level: 'off', why, when },
      }))
  }
}

/** A step as one line, without a full stop. */
export function sayStep(step: Step): string {
  switch (step.do) {
    case 'move':
      return `move ${step.allocation.service} from ${step.allocation.port} to ${step.to} ${step.why}; ${step.choice}`
    case 'register':
      return `register ${step.service} on ${step.to} ${step.why}; ${step.choice}`
    case 'record':
      return `record that ${step.service} went from ${step.from} to ${step.to} ${step.why}; ${step.choice}`
    case 'accept':
      return `leave ${step.service} on ${step.port} and accept ${step.ends.join(', ')}: ${step.choice}`
  }
}
