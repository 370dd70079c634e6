/**
 * Starts the command that its arguments are, and again 100 ms after each end of it, which is systemd's default. The command has a group of its own,
 * as supervisors do it.
 */
const command = process.argv.slice(2)
console.log(JSON.stringify({ pid: process.pid }))
for (;;) {
  await Bun.spawn(command, { stdio: ['ignore', 'ignore', 'ignore'], detached: true }).exited
  await Bun.sleep(100)
}

export {}
