// Run by Node. Calls its main thread what Node 24 and later call it, and listens on the port that its argument names.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

writeFileSync('/proc/self/comm', 'MainThread')
createServer().listen(Number(process.argv[2]), '127.0.0.1', () => console.log(JSON.stringify({ pid: process.pid })))
