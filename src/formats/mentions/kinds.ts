import type { Mention } from '../../core/mention.ts'

/** A kind of file that ports are looked for in. */
export interface FileKind {
  readonly name: string
  /** Whether a path, with `/`, names such a file. */
  readonly fits: RegExp
  /** The kind is read even where version control ignores it: what such a file says is for this machine alone. */
  readonly local?: true
  /** Gives the ports of a text. It throws `UnreadableText`. Loaded when the first such file is there: a parser of JavaScript is no small thing. */
  readonly load: () => Promise<(text: string) => Mention[]>
}

/** The first that fits a path is its kind. */
const kinds: readonly FileKind[] = [
  {
    name: 'env',
    fits: /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|\.envrc|[\w.-]+\.env)$/,
    local: true,
    load: async () => (await import('./env.ts')).readEnvMentions,
  },
  {
    name: 'compose',
    fits: /(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/,
    local: true,
    load: async () => (await import('./compose.ts')).readComposeMentions,
  },
  {
    name: 'package.json',
    fits: /(?:^|\/)package\.json$/,
    load: async () => (await import('./package-json.ts')).readPackageMentions,
  },
  {
    name: 'configuration in JavaScript',
    fits: /(?:^|\/)(?:(?:vite|vitest|next|astro|nuxt|svelte|vue|rsbuild|rspack|playwright|cypress|ecosystem)\.config|webpack(?:\.[\w-]+)*)\.[cm]?[jt]s$/,
    load: async () => (await import('./javascript.ts')).readJavascriptMentions,
  },
  {
    name: 'Procfile',
    fits: /(?:^|\/)Procfile(?:\.[\w-]+)?$/,
    load: async () => (await import('./procfile.ts')).readProcfileMentions,
  },
  {
    name: 'Makefile',
    fits: /(?:^|\/)(?:GNUmakefile|[Mm]akefile|[\w.-]+\.mk)$/,
    load: async () => (await import('./makefile.ts')).readMakefileMentions,
  },
  {
    name: 'development container',
    fits: /(?:^|\/)(?:\.devcontainer\/(?:[^/]+\/)?devcontainer|\.devcontainer)\.json$/,
    load: async () => (await import('./devcontainer.ts')).readDevcontainerMentions,
  },
  {
    name: 'VS Code launch',
    fits: /(?:^|\/)\.vscode\/launch\.json$/,
    local: true,
    load: async () => (await import('./launch.ts')).readLaunchMentions,
  },
  {
    name: 'GitHub workflow',
    fits: /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
    load: async () => (await import('./workflow.ts')).readWorkflowMentions,
  },
  {
    name: 'nginx',
    fits: /(?:^|\/)(?:nginx[\w.-]*\.conf|[\w.-]+\.nginx|(?:nginx|sites-available|sites-enabled|conf\.d)\/(?:.*\/)?[^/]+\.conf|sites-(?:available|enabled)\/[^/]+)$/,
    load: async () => (await import('./nginx.ts')).readNginxMentions,
  },
  {
    name: 'Caddyfile',
    fits: /(?:^|\/)(?:Caddyfile(?:\.[\w-]+)?|[\w.-]+\.[Cc]addyfile)$/,
    load: async () => (await import('./caddy.ts')).readCaddyMentions,
  },
  {
    name: 'Markdown',
    fits: /(?:^|\/)[^/]+\.(?:md|markdown)$/i,
    load: async () => (await import('./markdown.ts')).readMarkdownMentions,
  },
]

export function kindOf(path: string): FileKind | null {
  return kinds.find(({ fits }) => fits.test(path)) ?? null
}
