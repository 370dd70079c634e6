/** Listens on the port that its first argument names, as a person's terminal server would, runs the command that follows below itself, and tells how that went. */
const [port, ...command] = process.argv.slice(2)
Bun.listen({ hostname: '127.0.0.1', port: Number(port), socket: { data() {} } })
const { exited, stdout } = Bun.spawn(command, { stdio: ['ignore', 'pipe', 'inherit'] })
const text = await new Response(stdout).text()
console.log(JSON.stringify({ pid: process.pid, code: await exited, text }))
