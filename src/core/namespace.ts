/** A network namespace: its ports are its own. */
export interface Namespace {
  /** As the kernel names it: `net:[4026531840]`. */
  readonly name: string
  /** A process in it. */
  readonly pid: number
  /** The path of that process's control group. */
  readonly cgroup: string | null
  /** Whether something listens on the port there, null where we may not look. */
  readonly listens: boolean | null
}

/** A listener in another namespace is not on this machine's port: nobody reaches it there without a way being made. */
export interface Namespaces {
  /** The one that all listeners that we show are in. */
  readonly own: string
  readonly others: readonly Namespace[]
}
