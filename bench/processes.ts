/**
 * Processes that hold nothing, for as long as the work takes. They are the children of a few shells, for a parent of 2,000 has as many descriptors of its own (Bun keeps one for each child), and is looked at with
 * every child.
 */
export async function besideProcesses(count: number, work: () => Promise<void>): Promise<void> {
  const shells = Array.from({ length: 10 }, () =>
    Bun.spawn(['sh', '-c', `for i in $(seq ${count / 10}); do sleep 600 <&- >&- & echo $!; done; exec >&-; wait`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  const pids = await Promise.all(shells.map(({ stdout }) => stdout.text()))
  try {
    await work()
  } finally {
    for (const pid of pids.flatMap((text) => text.trim().split('\n'))) process.kill(Number(pid), 'SIGKILL')
    await Promise.all(shells.map(({ exited }) => exited))
  }
}
