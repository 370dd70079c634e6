/**
 * How many of the newest commits a store remembers. A commit takes about 1 kB, so the log stays near 10 MB, and 10,000 commits are
 * weeks of a person's work or ten seconds of the fastest writers: longer than any reply stays lost and any watcher stays away.
 * An id older than that is not recognised any more, and a watcher that comes from further back gets a `resync`.
 */
export const keptCommits = 10_000
