import type { PortNumber } from '../core/port.ts'
import type { HealthCheck } from '../core/recipe.ts'
import type { Command } from '../operations/world.ts'

/** A service that takes longer to say how it is is not well; milliseconds. */
const patience = 5_000

/** `localhost` in both families, because a service may have bound either. */
const loopbacks = ['127.0.0.1', '::1'] as const

/** Asks a service on this machine how it is. Nothing of it leaves the loopback. */
export async function isHealthy(
  check: HealthCheck,
  port: PortNumber,
  where: Omit<Command, 'command'>,
): Promise<boolean> {
  switch (check.kind) {
    case 'tcp':
      return someOf((host) => connects(host, port))
    case 'http':
      return someOf((host) => answersWell(`http://${host.includes(':') ? `[${host}]` : host}:${port}${check.path}`))
    case 'command':
      return endsWell(check.command.replaceAll('{port}', String(port)), port, where)
  }
}

async function someOf(ask: (host: string) => Promise<boolean>): Promise<boolean> {
  for (const host of loopbacks) if (await ask(host)) return true
  return false
}

async function connects(hostname: string, port: PortNumber): Promise<boolean> {
  let timer: Timer | undefined
  const connecting = Bun.connect({ hostname, port, socket: { data() {} } }).then(
    (socket) => {
      socket.end()
      return true
    },
    () => false,
  )
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience)
  })
  const answer = await Promise.race([connecting, tooLate])
  clearTimeout(timer)
  return answer
}

/** A redirect is an answer: where it leads is not asked. */
async function answersWell(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience), proxy: '' })
    await response.body?.cancel()
    return response.status < 400
  } catch {
    return false
  }
}

async function endsWell(command: string, port: PortNumber, where: Omit<Command, 'command'>): Promise<boolean> {
  try {
    const child = Bun.spawn(['/bin/sh', '-c', command], {
      cwd: where.cwd,
      env: { ...where.environment, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'ignore'],
      // A group of its own, so that what the shell started goes with it.
      detached: true,
    })
    const timer = setTimeout(() => endGroup(child.pid), patience)
    const code = await child.exited
    clearTimeout(timer)
    return code === 0
  } catch {
    return false
  }
}

/** The group of a child that was not waited for yet: its number can be nobody else's. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended at this very moment.
  }
}
