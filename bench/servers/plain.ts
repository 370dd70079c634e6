/** The server that is killed: listens on a port that the kernel chooses and tells which. */
const { port } = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
console.log(port)

export {}
