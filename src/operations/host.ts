import { z } from 'zod'

export { hostMeant, isHere, readHost } from './host-meant.ts'

export const hostInput = z.string().optional().describe('the host that is meant, where that is not this machine')

export const scopeInput = z
  .enum(['host', 'fleet'])
  .default('host')
  .describe(
    'host or fleet: whether it counts on one host, or on every host of the registry and on those that join later',
  )
