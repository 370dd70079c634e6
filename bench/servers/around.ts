/**
 * Processes around a port whose end nobody asked for, all of one job as an editor or an agent would start them: `around.ts PORT`. One is connected to it (client), one is a neighbour that has nothing to do with it
 * (sibling), and one calls somebody else from the same port number of another address (foreign). Writes their pids as JSON, and ends all of them when its input is closed.
 */
const [port = ''] = process.argv.slice(2)
const client = `await Bun.connect({ hostname: '127.0.0.1', port: ${port}, socket: { data() {}, close() {} } })`
const foreign = `
  const { createServer, connect } = require('node:net')
  await new Promise((done) => {
    const server = createServer(() => {}).listen(0, '127.0.0.9', () =>
      connect({ port: server.address().port, host: '127.0.0.9', localAddress: '127.0.0.3', localPort: ${port} }, done))
  })`
const bodies = { client, sibling: '', foreign }
const children = Object.entries(bodies).map(([name, body]) => {
  const words = ['-e', `${body}\nconsole.log('ready'); setInterval(() => {}, 60000)`]
  return { name, child: Bun.spawn([process.execPath, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }) }
})
for (const { child } of children) await child.stdout.getReader().read()
console.log(JSON.stringify(Object.fromEntries(children.map(({ name, child }) => [name, child.pid]))))
await Bun.stdin.text()
for (const { child } of children) child.kill('SIGKILL')

export {}
