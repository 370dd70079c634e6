import { isAbsolute, join } from 'node:path'
import { Rulings } from '../core/audit/accepted.ts'
import { auditAll, rules } from '../core/audit/audit.ts'
import type { Audit } from '../core/audit/audit.ts'
import type { Rule, SeenProject } from '../core/audit/finding.ts'
import { composeClash } from '../core/audit/rules/compose-clash.ts'
import { driftRule } from '../core/audit/rules/drift.ts'
import { obstaclesOf } from '../core/compose-check.ts'
import { planCompose } from '../core/compose-plan.ts'
import { judge } from '../core/drift.ts'
import { isProblem } from '../core/problem.ts'
import { usualProject } from './compose-project.ts'
import { shortPath } from './compose-shapes.ts'
import { scanMentions } from './drift/scan.ts'
import type { Look } from './look.ts'
import type { Call } from './operation.ts'
import { rootOf } from './workspace.ts'
import type { World } from './world.ts'

/**
 * The audit of what was seen, with what the rules about a project find in its files: in the folder, or where none is given in the project around the call.
 * Where there is none, or those rules are off, nothing is read. Throws what `scanMentions` throws for the folder itself.
 */
export async function auditWithProject(world: World, call: Call, seen: Look, folder?: string): Promise<Audit> {
  const said = new Rulings(seen.subject)
  const isOn = (rule: Rule): boolean => said.levelOf(rule) !== 'off'
  if (!seen.registry.services.length || !rules.some((rule) => rule.needsProject && isOn(rule))) return seen
  const root = folder === undefined ? await rootOf(world, call) : isAbsolute(folder) ? folder : join(call.cwd, folder)
  if (root === null) return seen
  const drifts = isOn(driftRule)
    ? judge((await scanMentions(world, call, root)).mentions, seen.registry, world.host)
    : []
  const clashes = isOn(composeClash) ? await clashesIn(world, call, seen, root) : { obstacles: [], unreadable: null }
  // A port that cannot be had is told once, by what is worse.
  const told = new Set(clashes.obstacles.map(({ publish: { file, line } }) => `${file}:${line}`))
  const others = drifts
    .flatMap(({ drift }) => drift ?? [])
    .filter(({ mention: { file, line } }) => !told.has(`${file}:${line}`))
  const project: SeenProject = { drifts: others, ...clashes }
  return auditAll({ ...seen.subject, project })
}

/** By what is written alone: what runs now is for `ports compose check`, which knows whose containers they are. */
async function clashesIn(
  world: World,
  call: Call,
  { registry }: Look,
  root: string,
): Promise<Pick<SeenProject, 'obstacles' | 'unreadable'>> {
  try {
    const project = await usualProject(world, call, root)
    if (!project) return { obstacles: [], unreadable: null }
    const obstacles = obstaclesOf(project, planCompose(project, registry, world.host), registry, [], [])
    const named = obstacles.map((one) => ({
      ...one,
      publish: { ...one.publish, file: shortPath(one.publish.file, call) },
    }))
    return { obstacles: named, unreadable: null }
  } catch (error) {
    if (!isProblem(error)) throw error
    const { path, line, why } = isProblem(error, 'compose-invalid')
      ? error.facts
      : { path: root, line: 0, why: error.message }
    return {
      obstacles: [],
      unreadable: { file: shortPath(path, call), line: line > 0 ? line : null, why },
    }
  }
}
