/** Every listener with its process, or that of one port, as the library gives it: `node scan.mjs LIBRARY PORT`. */
import find from 'find-process'
import { allPortsWithPid } from 'pid-port'

const [library, port] = process.argv.slice(2)
const found = library === 'pid-port' ? [...(await allPortsWithPid())] : await find('port', Number(port))
if (found.length === 0) throw new Error(`${library} found nothing`)
console.log(found.length)
