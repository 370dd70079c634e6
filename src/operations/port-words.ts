import * as z from '../formats/zod.ts'
import { withPort } from '../catalog/run-command.ts'
import type { Scripts } from '../catalog/run-command.ts'
import { isProblem } from '../core/problem.ts'
import type { Call } from './operation.ts'
import type { World } from './world.ts'

const packageFile = z.object({ scripts: z.withDefault(z.record(z.string(), z.string()), {}) })

/**
 * The command with what its program needs beside `PORT` to listen there; says on the way what was added, and that a command which chooses its own port will
 * not listen on ours. `asked` says that the person placed the port already, by `{port}`: then nothing is added.
 */
export async function completeCommand(
  world: World,
  call: Call,
  command: readonly string[],
  port: number,
  asked: boolean,
): Promise<{ command: readonly string[]; added: readonly string[] }> {
  const found = asked ? null : withPort(command, port, await scriptsOf(world, call.cwd))
  if (found?.kind === 'added') {
    call.warn?.(`${found.program} does not go by PORT alone, so it gets ${found.words.join(' ')}`)
    return { command: found.command, added: found.words }
  }
  if (found?.kind === 'fixed') {
    call.warn?.(
      `${found.program} is told its port already (${found.word}), so it will not listen on ${port} unless you take that out`,
    )
  }
  return { command, added: [] }
}

/** The scripts of the nearest `package.json`; none where there is none that can be read. The package manager itself says what is wrong with it. */
export async function scriptsOf(world: World, folder: string): Promise<Scripts> {
  const path = await world.files.nearest(folder, ['package.json'])
  if (path === null) return {}
  try {
    const text = new TextDecoder().decode(await world.files.read(path))
    return packageFile.parse(JSON.parse(text)).scripts
  } catch (error) {
    if (isProblem(error) || error instanceof SyntaxError || error instanceof z.core.$ZodError) return {}
    throw error
  }
}
