import { RedisClient, S3Client, SQL } from 'bun'

/** What each of the ten services answers when it is asked in its own language. Throws where it is not well. What it is told stays, so that it can be asked for after its end. */
export type Ask = (port: number, round: number) => Promise<void>

async function page(port: number, path: string, expected: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, signal: AbortSignal.timeout(5000) })
  const text = await response.text()
  if (!response.ok || !text.includes(expected))
    throw new Error(`${path} answers ${response.status}: ${text.slice(0, 300)}`)
  return text
}

function same(seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(seen)} where ${JSON.stringify(expected)} was expected`)
}

/** Each round writes one more of something and expects all of those before. An answer that was lost on its way may be asked for again. */
export const asks: Readonly<Record<string, Ask>> = {
  async PostgreSQL(port, round) {
    const sql = new SQL({ url: `postgres://ten@127.0.0.1:${port}/postgres`, max: 1, connectionTimeout: 5 })
    try {
      await sql`CREATE TABLE IF NOT EXISTS rounds (number int PRIMARY KEY)`
      await sql`INSERT INTO rounds VALUES (${round}) ON CONFLICT DO NOTHING`
      const rows = await sql`SELECT count(*)::int AS count FROM rounds`
      same(rows[0].count, round + 1)
    } finally {
      await sql.close()
    }
  },
  async Redis(port, round) {
    const redis = new RedisClient(`redis://127.0.0.1:${port}`, { autoReconnect: false, connectionTimeout: 5000 })
    try {
      await redis.sadd('rounds', String(round))
      same(await redis.scard('rounds'), round + 1)
    } finally {
      redis.close()
    }
  },
  async nginx(port) {
    await page(port, '/', '<title>Shop</title>')
  },
  async Prometheus(port) {
    await page(port, '/-/ready', 'Ready')
    await page(port, '/api/v1/query?query=vector(1)', '"status":"success"')
  },
  async Shop(port) {
    await page(port, '/', '<title>Shop</title>')
    await page(port, '/@vite/client', 'HMR')
  },
  async Orders(port, round) {
    const headers = { 'content-type': 'application/json' }
    const kept = await page(port, '/orders', '', { method: 'POST', headers, body: String(round) })
    same(
      JSON.parse(kept),
      Array.from({ length: round + 1 }, (_, index) => index),
    )
  },
  async Notebook(port) {
    await page(port, '/', '<title>Notebook</title>')
    const socket = new WebSocket(`ws://127.0.0.1:${port}/cells`)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    socket.addEventListener('open', () => socket.send('x = 6 * 7'))
    socket.addEventListener('message', ({ data }) => resolve(String(data)))
    socket.addEventListener('error', () => reject(new Error('the notebook does not talk')))
    same(await promise, '42')
    socket.close()
  },
  async API(port, round) {
    await page(port, '/health', 'well')
    const visits: { postgres: number; redis: number } = JSON.parse(await page(port, '/visits', '', { method: 'POST' }))
    if (Math.min(visits.postgres, visits.redis) <= round) throw new Error(`visits were lost: ${JSON.stringify(visits)}`)
  },
  async Objects(port, round) {
    const objects = new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'photos',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    })
    await objects.write(`round-${round}`, String(round))
    for (let before = 0; before <= round; before++) same(await objects.file(`round-${before}`).text(), String(before))
  },
  async Netdata(port) {
    await page(port, '/', 'netdata dashboard')
    await page(port, '/api/v1/info', '"version"')
  },
}
