/** A member's own network: it is reached by clients on one cable and by its peers on another. */
export interface Place {
  /** What starts a program in it. */
  readonly wrap: readonly string[]
  readonly client: string
  readonly peer: string
  /** Takes the cable to its peers out, or puts it back; clients reach it all the same. */
  readonly cut: () => void
  readonly heal: () => void
}

export interface Network {
  readonly places: readonly Place[]
  readonly dispose: () => void
}

/** Why there can be no network of our own here, or null. */
export const noNetwork =
  process.getuid?.() !== 0 ? 'only root may make a network' : Bun.which('ip') ? null : 'iproute2 is not installed'

/**
 * Three network namespaces with an address on each of two bridges, which are in a fourth; from here only the clients' bridge is reached. Everything is named
 * after this process and goes with `dispose`.
 */
export function startNetwork(): Network {
  const name = `iza${process.pid}`
  const subnet = Math.floor(Math.random() * 256)
  const hub = `${name}hub`
  const namespaces = [hub, ...[1, 2, 3].map((number) => `${name}m${number}`)]
  const dispose = (): void => {
    for (const one of namespaces) Bun.spawnSync(['ip', 'netns', 'del', one])
    Bun.spawnSync(['ip', 'link', 'del', name])
  }
  const inHub = (...words: string[]): void => ip('-n', hub, ...words)
  try {
    for (const one of namespaces) ip('netns', 'add', one)
    for (const bridge of ['client', 'peer']) {
      inHub('link', 'add', bridge, 'type', 'bridge')
      inHub('link', 'set', bridge, 'up')
    }
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'out', 'netns', hub)
    inHub('link', 'set', 'out', 'master', 'client', 'up')
    ip('addr', 'add', `10.213.${subnet}.254/24`, 'dev', name)
    ip('link', 'set', name, 'up')
    const places = namespaces.slice(1).map((space, index): Place => {
      ip('-n', space, 'link', 'set', 'lo', 'up')
      const cables = [
        ['client', `10.213.${subnet}.${index + 1}`],
        ['peer', `10.214.${subnet}.${index + 1}`],
      ] as const
      for (const [bridge, address] of cables) {
        ip('-n', space, 'link', 'add', bridge, 'type', 'veth', 'peer', 'name', `${bridge}${index}`, 'netns', hub)
        inHub('link', 'set', `${bridge}${index}`, 'master', bridge, 'up')
        ip('-n', space, 'addr', 'add', `${address}/24`, 'dev', bridge)
        ip('-n', space, 'link', 'set', bridge, 'up')
      }
      return {
        wrap: ['ip', 'netns', 'exec', space],
        client: cables[0][1],
        peer: cables[1][1],
        cut: () => inHub('link', 'set', `peer${index}`, 'down'),
        heal: () => inHub('link', 'set', `peer${index}`, 'up'),
      }
    })
    return { places, dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

function ip(...words: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(['ip', ...words])
  if (exitCode !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr.toString().trim()}`)
}
