import { row } from './problem-row.ts'

/** What sessions, tokens and the collecting of leaks may answer with. */
export const sessionProblems = {
  'session-lost': row<{ session: string }>(
    'refused',
    ({ session }) => `the session ${session} is over: it was closed, or not renewed in time`,
    () => 'Open a new one and hold the claim again; until it is freed it is still yours.',
  ),
  'session-alive': row<{ session: string }>(
    'refused',
    ({ session }) => `the session ${session} was renewed meanwhile, so its claim stays as it is`,
    () => 'Nothing has to be done: somebody is there.',
  ),
  'session-ttl-invalid': row<{ ttl: number; shortest: number; longest: number }>(
    'invalid',
    ({ ttl }) => `a session cannot live for ${ttl / 1000} s without being renewed`,
    ({ shortest, longest }) => `Choose from ${shortest / 1000} s to ${longest / 3_600_000} h.`,
  ),
  'standing-refused': row<{ service: string; standing: string; wanted: string }>(
    'refused',
    ({ service, standing, wanted }) => `the claim of ${service} is ${standing}, so it cannot be ${wanted}`,
    () => 'Look with: ports gc. A lost session leads to suspect, then to quarantined, and only then to free.',
  ),
  'token-wrong': row<{ service: string; owner: string }>(
    'refused',
    ({ service, owner }) => `${service} is claimed by ${owner}, and the token that was given is not that owner's`,
    () =>
      "Give that owner's token in IZA_PORTS_TOKEN ('ports token' shows it where the claim was made), or release by the claim's id: ports claims --json shows it, ports release --id ID.",
  ),
  'token-needed': row<{ service: string; owner: string }>(
    'refused',
    ({ service, owner }) => `${service} is claimed by ${owner}, and knowing that name is not enough`,
    () =>
      "Give that owner's token in IZA_PORTS_TOKEN ('ports token --owner NAME' shows it where the claim was made), or release by the claim's id: ports release --id ID.",
  ),
  'token-unknown': row<{ owner: string }>(
    'refused',
    ({ owner }) => `there is no token of ${owner} here`,
    () => 'It is made with the first claim: ports claim web. It stays on the machine and with the user that made it.',
  ),
  'token-invalid': row<{ why: string }>(
    'invalid',
    ({ why }) => `what IZA_PORTS_TOKEN holds is no token: ${why}`,
    () => "'ports token' prints one, in one line.",
  ),
} as const
