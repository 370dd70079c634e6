/** Starts the command that its arguments are, in its own group, and ends with it: a launcher, or an agent that started a server. */
const { exited } = Bun.spawn(process.argv.slice(2), { stdio: ['ignore', 'ignore', 'ignore'] })
process.exit(await exited)
