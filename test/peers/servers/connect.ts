/** Connects to the port of 127.0.0.1 that its argument names, writes a line once it is connected, and stays. */
await Bun.connect({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  // Like a browser: when the server goes, it does not.
  socket: { data() {}, close() {} },
})
console.log(JSON.stringify({ pid: process.pid }))
setInterval(() => {}, 60_000)

export {}
