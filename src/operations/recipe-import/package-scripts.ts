import { dirname, relative } from 'node:path'
import type { UnusedLine } from '../../core/document.ts'
import type { RecipeDocument, RecipeDraft } from '../../core/recipe-import.ts'
import { readPackageFile } from '../../formats/recipes/package-scripts.ts'
import type { PackageFile, PackageScript } from '../../formats/recipes/package-scripts.ts'
import { quoted } from '../../formats/recipes/read.ts'
import type { World } from '../world.ts'
import { listeningOf } from './listening.ts'
import type { Listening } from './listening.ts'
import { nameOfFolder } from './name.ts'
import { refuseUnknown } from './taken.ts'
import { packageManager, workspaceFiles } from './workspaces.ts'

/** What people call the script that serves. The first of them that a package has is taken. */
const usualScripts = ['dev', 'start', 'serve', 'preview']

interface Package extends PackageFile {
  readonly path: string
  /** What it is called in messages: its path from the file that was asked for; empty for that file itself. */
  readonly place: string
}

/** What all packages of a file share. */
interface Family {
  readonly world: World
  readonly manager: string
  readonly take: readonly string[]
  /** What brings them all up. */
  readonly tag: string
}

/**
 * The scripts of a `package.json`, and of the packages of its workspaces, that are services: of each package the first of `dev`, `start`, `serve`, `preview`, or those in
 * `take`. The package manager is that of the lock file. Throws `recipe-source-invalid`, `taken-unknown`.
 */
export async function packageRecipes(
  world: World,
  path: string,
  text: string,
  take: readonly string[],
): Promise<RecipeDocument> {
  const folder = dirname(path)
  const root: Package = { ...readPackageFile(text, path), path, place: '' }
  const packages = [root]
  for (const member of await workspaceFiles(world, folder, root.workspaces)) {
    const inside = new TextDecoder().decode(await world.files.read(member))
    packages.push({ ...readPackageFile(inside, member), path: member, place: relative(folder, member) })
  }
  refuseUnknown(path, take, [...new Set(packages.flatMap(({ scripts }) => scripts.map(({ name }) => name)))])
  const manager = await packageManager(world, folder, root.manager)
  const family = { world, manager, take, tag: await nameOfFolder(world, folder) }
  const found = []
  for (const one of packages) found.push(await recipesOf(one, family))
  return { services: found.flatMap(({ services }) => services), unused: found.flatMap(({ unused }) => unused) }
}

async function recipesOf(one: Package, { world, manager, take, tag }: Family): Promise<RecipeDocument> {
  const folder = dirname(one.path)
  const texts = Object.fromEntries(one.scripts.map(({ name, text }) => [name, text]))
  const listening = new Map(one.scripts.map(({ name }) => [name, listeningOf(`${manager} run ${quoted(name)}`, texts)]))
  const usual = usualScripts.find((name) => listening.get(name)?.several === null) ?? null
  const project = one.scripts.length ? await nameOfFolder(world, folder) : ''
  const services: RecipeDraft[] = []
  const unused: UnusedLine[] = []
  for (const script of one.scripts) {
    const how = listening.get(script.name)
    if (how && (take.length ? take.includes(script.name) : script.name === usual)) services.push(draftOf(script, how))
    else {
      const place = one.place === '' ? '' : `${one.place} `
      const why = whyNot(script.name, how?.several ?? null, usual, take)
      unused.push({ line: script.line, text: `${place}${script.name}: ${script.text}`, why, contradicts: false })
    }
  }
  return { services, unused }

  function draftOf({ line, name }: PackageScript, how: Listening): RecipeDraft {
    const service = name === usual ? project : `${project} ${name}`
    return {
      line,
      service,
      says: { command: how.command, cwd: folder },
      tags: service === tag ? [] : [tag],
      description: `${name} of ${one.place || 'package.json'}`,
      port: how.named ?? how.usual,
      fixed: how.fixed,
    }
  }
}

function whyNot(name: string, several: string | null, usual: string | null, take: readonly string[]): string {
  if (take.length) return '--take does not name it'
  if (several !== null) return `it starts several programs with ${several}, and each needs a recipe of its own`
  if (usualScripts.includes(name) && usual !== null) return `${usual} is taken; --take ${name} takes it`
  return `its name is not one of a server; --take ${name} takes it`
}
