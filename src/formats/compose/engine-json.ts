import * as z from '../zod.ts'
import { parseAddress } from '../../core/address.ts'
import type { EnginePublish } from '../../core/compose-check.ts'

const listed = z.object({ Name: z.string().check(z.regex(/^[a-z0-9][a-z0-9_-]*$/)) })
const container = z.object({
  Service: z.string(),
  Publishers: z.nullish(
    z.array(z.object({ URL: z.withDefault(z.string(), ''), PublishedPort: z.int(), Protocol: z.string() })),
  ),
})

/** The projects that `docker compose ls --format json` names. What is none, or has no name that a project can have, is left out. */
export function readProjectNames(text: string): string[] {
  return rowsOf(text).flatMap((row) => listed.safeParse(row).data?.Name ?? [])
}

/** What the containers of a project publish, from `docker compose ps --format json`: one array (until 2.20) or a line for each. */
export function readPublishers(text: string, project: string): EnginePublish[] {
  return rowsOf(text).flatMap((row) => {
    const { Service: service, Publishers: publishers } = container.safeParse(row).data ?? { Service: '' }
    return (publishers ?? []).flatMap(({ URL: hostIp, PublishedPort: port, Protocol: protocol }) =>
      // An exposed port that is not published stands there with 0.
      port === 0 ? [] : [{ project, service, hostIp: isAddress(hostIp) ? hostIp : '*', port, protocol }],
    )
  })
}

/** An engine of another kind may say it in its own way; then every address is meant. */
function isAddress(text: string): boolean {
  try {
    return parseAddress(text) !== ''
  } catch {
    return false
  }
}

function rowsOf(text: string): unknown[] {
  const whole = jsonOf(text)
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole]
  return text.split('\n').flatMap((line) => jsonOf(line) ?? [])
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
