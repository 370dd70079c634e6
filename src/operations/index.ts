import type { Operation } from './operation.ts'

/**
 * Everything that the product can do. Each is loaded when it is used: `ports status` does not pay for the reader of documents.
 * A new operation is a file in this folder and a line here.
 */
export const operations: Readonly<Record<string, () => Promise<Operation>>> = {
  status: async () => (await import('./status.ts')).status,
  who: async () => (await import('./who.ts')).who,
  list: async () => (await import('./list.ts')).list,
  ranges: async () => (await import('./ranges.ts')).ranges,
  reserve: async () => (await import('./reserve.ts')).reserve,
  release: async () => (await import('./release.ts')).release,
  move: async () => (await import('./move.ts')).move,
  'range add': async () => (await import('./range.ts')).rangeAdd,
  'range edit': async () => (await import('./range.ts')).rangeEdit,
  'range remove': async () => (await import('./range.ts')).rangeRemove,
  claim: async () => (await import('./claim.ts')).claim,
  claims: async () => (await import('./claims.ts')).claims,
  run: async () => (await import('./run.ts')).run,
  token: async () => (await import('./token.ts')).token,
  gc: async () => (await import('./gc.ts')).gc,
  env: async () => (await import('./env.ts')).env,
  start: async () => (await import('./start.ts')).start,
  up: async () => (await import('./up.ts')).up,
  down: async () => (await import('./down.ts')).down,
  restart: async () => (await import('./restart.ts')).restart,
  ps: async () => (await import('./ps.ts')).ps,
  edit: async () => (await import('./edit.ts')).edit,
  wait: async () => (await import('./wait.ts')).wait,
  stop: async () => (await import('./stop.ts')).stop,
  kill: async () => (await import('./kill.ts')).kill,
  logs: async () => (await import('./logs.ts')).logs,
  check: async () => (await import('./check.ts')).check,
  resolve: async () => (await import('./resolve.ts')).resolve,
  undo: async () => (await import('./undo.ts')).undo,
  rules: async () => (await import('./rules.ts')).rules,
  'rule set': async () => (await import('./rule-set.ts')).ruleSet,
  accept: async () => (await import('./accept.ts')).accept,
  compose: async () => (await import('./compose.ts')).compose,
  'compose check': async () => (await import('./compose-check.ts')).composeCheck,
  import: async () => (await import('./import.ts')).importDocument,
  export: async () => (await import('./export.ts')).exportRegistry,
}
