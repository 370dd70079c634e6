import type { Act, StopPlan } from '../../core/stop/plan.ts'
import type { ProcessIdentity } from '../../core/listener.ts'
import type { World } from '../world.ts'

/**
 * The token of these plans: the same only where the same holders, processes, units and containers are there, in the same boot. What comes and goes by itself, such as
 * connections, is no part of it.
 */
export function tokenOf(plans: readonly StopPlan[], fingerprint: World['fingerprint']): string {
  const facts = plans.map(({ port, protocol, holders, acts, refused }) => ({
    port,
    protocol,
    holders: holders.map(identity).toSorted(),
    acts: acts.map(actFact).toSorted(),
    refused: refused.map(({ pid, name, why }) => [pid, name, why]),
  }))
  return fingerprint(JSON.stringify(facts))
}

function actFact(act: Act): string {
  if (act.kind === 'container') return `container ${act.container.id}`
  if (act.kind === 'socket') return `socket ${act.service}`
  if (act.kind === 'unit') return `unit ${act.unit.name} ${act.unit.ofUser} ${act.unit.triggers.join(' ')}`
  return `processes ${act.targets.map(identity).toSorted().join(' ')}`
}

function identity({ boot, pid, start }: ProcessIdentity): string {
  return `${boot}/${pid}/${start}`
}
