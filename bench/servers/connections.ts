/** Holds as many connections to itself as its argument says, both ends, until its input is closed. */
const open: unknown[] = []
const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { open: (one) => void open.push(one), data() {} } })
const count = Number(process.argv[2])
for (let index = 0; index < count; index++)
  open.push(await Bun.connect({ hostname: '127.0.0.1', port: server.port, socket: { data() {} } }))
while (open.length < 2 * count) await Bun.sleep(5)
console.log(open.length)
await Bun.stdin.text()
process.exit()
