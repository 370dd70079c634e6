/** Listens on every port from its first argument to its second, says so, and stays until it is ended, at most three minutes. */
const [from, to] = process.argv.slice(2).map(Number) as [number, number]
for (let port = from; port <= to; port++) Bun.listen({ hostname: '0.0.0.0', port, socket: { data() {} } })
console.log('up')
setTimeout(() => process.exit(), 180_000)

export {}
