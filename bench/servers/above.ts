/** A server that runs `ports kill` on its own port below itself, which must be refused, and ends with the exit code of that. */
const { port } = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
const [binary = ''] = process.argv.slice(2)
process.exit(Bun.spawnSync([binary, 'kill', String(port)]).exitCode)
