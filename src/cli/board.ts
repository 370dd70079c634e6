import { readBoard } from '../operations/board.ts'
import { openWorld } from '../wiring.ts'
import { exitCodeOf, tellError } from './exit.ts'
import { showStatus } from './show/status.ts'
import { screenOf, toJson, writeOut } from './terminal.ts'

/** `ports` and `ports status`, without reading any other argument. Gives the exit code. */
export async function showBoard(json: boolean): Promise<number> {
  try {
    const world = await openWorld(process.env)
    const board = await readBoard(world)
    writeOut(json ? toJson(board) : showStatus(board, screenOf(process.env)))
    await world.close()
    return 0
  } catch (error) {
    tellError(error, json)
    return exitCodeOf(error)
  }
}
