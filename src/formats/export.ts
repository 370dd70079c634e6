import type { ExportSource } from './exports/entries.ts'

interface ExportFormat {
  /** What it is for; the help and `docs/reference/exports.md` say it. */
  readonly what: string
  readonly write: (source: ExportSource) => Promise<string>
}

/** Every form in which the registry leaves. A new one is a file in `exports/` and a row here; it is loaded when it is written. */
export const exportFormats = {
  markdown: {
    what: 'tables for people, which import back to an equal registry',
    write: async ({ registry, host }) => (await import('./markdown/write.ts')).writePortDocument(registry, host),
  },
  json: {
    what: 'the registry as data, which imports back to an equal one',
    write: async ({ registry, host }) => {
      const { toRegistryFile, writeJson } = await import('./registry-file.ts')
      return writeJson(toRegistryFile(registry, host))
    },
  },
  yaml: {
    what: 'the same as YAML',
    write: async ({ registry, host }) => {
      const { toRegistryFile, writeYaml } = await import('./registry-file.ts')
      return writeYaml(toRegistryFile(registry, host))
    },
  },
  env: {
    what: 'variables for .env files and shells',
    write: async (source) => (await import('./exports/env.ts')).writeEnv(source),
  },
  nginx: {
    what: 'a reverse proxy for each web service, for the http block of nginx',
    write: async (source) => (await import('./exports/nginx.ts')).writeNginx(source),
  },
  caddy: {
    what: 'the same as a Caddyfile',
    write: async (source) => (await import('./exports/caddy.ts')).writeCaddy(source),
  },
  traefik: {
    what: "the same for Traefik's file provider",
    write: async (source) => (await import('./exports/traefik.ts')).writeTraefik(source),
  },
  services: {
    what: 'names of ports for /etc/services',
    write: async (source) => (await import('./exports/services.ts')).writeServices(source),
  },
  sysctl: {
    what: 'the line that keeps outgoing connections off registered ports',
    write: async (source) => (await import('./exports/sysctl.ts')).writeSysctl(source),
  },
  firewall: {
    what: 'rules for nft, and for ufw in comments, of what others may reach',
    write: async (source) => (await import('./exports/firewall.ts')).writeFirewall(source),
  },
  prometheus: {
    what: 'targets for file_sd_configs',
    write: async (source) => (await import('./exports/prometheus.ts')).writePrometheus(source),
  },
  homepage: {
    what: 'services.yaml of the Homepage dashboard',
    write: async (source) => (await import('./exports/homepage.ts')).writeHomepage(source),
  },
} as const satisfies Record<string, ExportFormat>

export type ExportName = keyof typeof exportFormats
export const exportNames = Object.keys(exportFormats) as [ExportName, ...ExportName[]]
