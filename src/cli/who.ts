import { tellWho } from '../operations/tell-who.ts'
import { openWorld } from '../wiring.ts'
import { exitCodeOf, tellError } from './exit.ts'
import { showWho } from './show/who.ts'
import { screenOf, toJson, writeOut } from './terminal.ts'

/** `ports who PORT`, without reading any other argument. Gives the exit code. */
export async function tellStory(what: string, json: boolean): Promise<number> {
  try {
    const world = await openWorld(process.env)
    try {
      const who = await tellWho(world, what, undefined, null)
      writeOut(json ? toJson(who) : showWho(who, screenOf(process.env)))
      return 0
    } finally {
      await world.close()
    }
  } catch (error) {
    tellError(error, json)
    return exitCodeOf(error)
  }
}
