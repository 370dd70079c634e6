/**
 * Listens on the port that its first argument names and starts as many workers as the second says, which hold the same socket. With `leave` as
 * the third it ends then, so that the workers alone hold it; otherwise it stays, as a pre-forking server does.
 */
const [port, workers, then] = process.argv.slice(2)
const listener = Bun.listen({ hostname: '127.0.0.1', port: Number(port), socket: { data() {} } })
const descriptor = Number(Reflect.get(listener, 'fd'))
const pids = Array.from({ length: Number(workers) }, () => {
  // A group of its own, so that no signal to a group reaches all of them.
  const child = Bun.spawn(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore', descriptor], detached: true })
  child.unref()
  return child.pid
})
console.log(JSON.stringify({ pid: process.pid, workers: pids }))
if (then === 'leave') process.exit(0)

export {}
