/** What the text of `.git/HEAD` says: a branch, or a commit that no branch holds (gitrepository-layout(5)). */
export type Head = { readonly branch: string } | { readonly commit: string } | null

export function parseHead(text: string): Head {
  const branch = /^ref: refs\/heads\/(.+?)\s*$/m.exec(text)?.[1]
  if (branch !== undefined) return { branch }
  const commit = /^([0-9a-f]{40}|[0-9a-f]{64})\s*$/.exec(text)?.[1]
  return commit === undefined ? null : { commit: commit.slice(0, 12) }
}

/** The folder that a `.git` file points to: that of a linked worktree or of a submodule. May be relative to where the file lies. */
export function parseGitFile(text: string): string | null {
  return /^gitdir: (.+?)\s*$/m.exec(text)?.[1] ?? null
}

/** The main checkout that a worktree belongs to, from the folder that its `.git` file points to. Null for anything else. */
export function mainCheckoutOf(gitFolder: string): string | null {
  return /^(.*)\/\.git\/worktrees\/[^/]+\/?$/.exec(gitFolder)?.[1] ?? null
}
