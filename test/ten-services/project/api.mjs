/** Counts its visits in Redis, which it finds by REDIS_PORT. */
import { createServer } from 'node:http'
import { connect } from 'node:net'

/** One command in Redis's own protocol, and the first line of its answer. */
function redis(...words) {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(process.env.REDIS_PORT), '127.0.0.1')
    socket.on('error', reject)
    socket.on('data', (bytes) => {
      socket.end()
      resolve(String(bytes).split('\r\n')[0].slice(1))
    })
    socket.write(`${words.join(' ')}\r\n`)
  })
}

createServer(async ({ url }, response) => {
  try {
    response.end(
      JSON.stringify(url === '/health' ? await redis('PING') : { visits: Number(await redis('INCR', 'visits')) }),
    )
  } catch {
    response.writeHead(503).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')
