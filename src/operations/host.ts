import * as z from '../formats/zod.ts'

export { hostMeant, isHere, readHost } from './host-meant.ts'

export const hostInput = z
  .optional(z.string())
  .check(z.describe('the host that is meant, where that is not this machine'))

export const scopeInput = z
  .withDefault(z.enum(['host', 'fleet']), 'host')
  .check(
    z.describe(
      'host or fleet: whether it counts on one host, or on every host of the registry and on those that join later',
    ),
  )
