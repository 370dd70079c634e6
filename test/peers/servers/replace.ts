/**
 * A pre-forking master that ignores TERM: it holds the port with one worker, and replaces the worker whenever that ends. The argument is the port.
 */
process.on('SIGTERM', () => {})
const listener = Bun.listen({ hostname: '127.0.0.1', port: Number(process.argv[2]), socket: { data() {} } })
const descriptor = Number(Reflect.get(listener, 'fd'))
console.log(JSON.stringify({ pid: process.pid }))
for (;;) {
  await Bun.spawn(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore', descriptor], detached: true }).exited
}
