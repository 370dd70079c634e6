/** Counts its visits in PostgreSQL and in Redis, which it finds by what the registry has for them: a POST to /visits is one more. */
import { createServer } from 'node:http'
import { connect } from 'node:net'
import pg from 'pg'

const database = new pg.Pool({ connectionString: process.env.POSTGRES, max: 2 })
// A connection that broke while nobody used it is not used again; without a listener it would end the process.
database.on('error', () => {})

/** One command in Redis's own protocol, and the first line of its answer. */
function redis(...words) {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(process.env.REDIS_PORT), '127.0.0.1')
    let answer = ''
    socket.on('error', reject)
    socket.on('data', (bytes) => {
      answer += bytes
      if (!answer.endsWith('\r\n')) return
      socket.end()
      resolve(
        answer
          .split('\r\n')
          .at(answer.startsWith('$') && !answer.startsWith('$-') ? 1 : 0)
          .replace(/^[:+]|^\$-1/, ''),
      )
    })
    socket.write(`${words.join(' ')}\r\n`)
  })
}

async function visits(isNew) {
  await database.query('CREATE TABLE IF NOT EXISTS visits (at timestamptz DEFAULT now())')
  if (isNew) await database.query('INSERT INTO visits DEFAULT VALUES')
  const { rows } = await database.query('SELECT count(*)::int AS count FROM visits')
  return { postgres: rows[0].count, redis: Number(await redis(isNew ? 'INCR' : 'GET', 'visits')) }
}

createServer(async ({ url, method }, response) => {
  try {
    if (url === '/health') await Promise.all([redis('PING'), database.query('SELECT 1')])
    response.end(`${JSON.stringify(url === '/health' ? 'well' : await visits(method === 'POST'))}\n`)
  } catch {
    response.writeHead(503).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')
