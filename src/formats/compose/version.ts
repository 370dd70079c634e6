/** What a Compose of some version can do. */
export interface ComposeVersion {
  /** `2.26.1` */
  readonly version: string
  readonly major: number
  /** Whether `!override` and `!reset` work: Compose 2.24.4 and later (its release notes). Compose 1 fails on them with a traceback. */
  readonly overrides: boolean
}

/**
 * Reads what `docker compose version`, `docker-compose version` or `docker-compose --version` prints, `--short` or `--format json` too: the first
 * version number, since Compose 1 tells those of Python and OpenSSL behind its own. Null where there is none.
 */
export function composeVersion(text: string): ComposeVersion | null {
  const match = /(?<![\d.])v?(\d+)\.(\d+)\.(\d+)/.exec(text)
  if (!match) return null
  const [major = 0, minor = 0, patch = 0] = match.slice(1).map(Number)
  const overrides = major > 2 || (major === 2 && (minor > 24 || (minor === 24 && patch >= 4)))
  return { version: `${major}.${minor}.${patch}`, major, overrides }
}
