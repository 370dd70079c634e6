import * as z from '../formats/zod.ts'
import { hostInput } from './host.ts'
import { operation } from './operation.ts'
import { tellWho } from './tell-who.ts'
import { portStoryShape } from './who-shapes.ts'

export type Who = z.output<typeof output>
const output = z.object({
  host: z.string(),
  /** False where the host is not this machine: of the story only what the registry promises is told. */
  looked: z.boolean(),
  ports: z.array(portStoryShape),
})

export const who = operation({
  name: 'who',
  summary:
    'Tells the whole story of a port: whose it is, who really has it, since when, by whom, and who is connected.',
  effect: 'read',
  positional: ['what'],
  examples: ['ports who 3000', 'ports who "Redis Cache"', 'ports who 5432 --handshake', 'ports who 3000 --json'],
  input: z.object({
    what: z.string().check(z.describe('a port, or the name of a service')),
    host: hostInput,
    handshake: z
      .withDefault(z.boolean(), false)
      .check(z.describe('ask the server on the loopback who it is, with bytes that change nothing')),
  }),
  output,
  async run(world, { what, host, handshake }, call) {
    return await tellWho(world, what, host, handshake ? call : null)
  },
})
