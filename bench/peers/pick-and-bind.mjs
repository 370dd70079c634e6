/**
 * Picks 20 ports with the library that its argument names, once its standard input is closed, binds all of them 50 ms later, and says how many it could not bind
 * because somebody else had them. Runs on Node, as the libraries are made for it. `ports` picks with the program that is the second argument.
 */
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'

const count = 20
const block = { from: 20_000, to: 29_999 }

/** One after the other from the beginning of the block; what was picked before is not asked for again. */
const oneByOne = (pick) => async () => {
  const ports = []
  for (let from = block.from; ports.length < count; from = ports.at(-1) + 1) ports.push(await pick(from))
  return ports
}

const libraries = {
  'get-port': async () => {
    const { default: getPort, portNumbers } = await import('get-port')
    return oneByOne((from) => getPort({ port: portNumbers(from, block.to) }))
  },
  portfinder: async () => {
    const { default: portfinder } = await import('portfinder')
    return oneByOne((from) => portfinder.getPortPromise({ port: from, stopPort: block.to }))
  },
  'detect-port': async () => {
    const { detect } = await import('detect-port')
    return oneByOne((from) => detect(from))
  },
  'get-port-please': async () => {
    const { getPort } = await import('get-port-please')
    return oneByOne((from) => getPort({ portRange: [from, block.to] }))
  },
  ports: async () => {
    const [binary, owner] = process.argv.slice(3)
    const names = Array.from({ length: count }, (_, index) => `s${index}`)
    return async () => {
      const answer = execFileSync(binary, ['claim', ...names, '--owner', owner, '--json'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      return JSON.parse(answer).claims.map(({ port }) => port)
    }
  },
}

const pick = await libraries[process.argv[2]]()
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('end', resolve).resume())
const ports = await pick()
await new Promise((resolve) => setTimeout(resolve, 50))
const codes = await Promise.all(ports.map(bind))
process.stdout.write(
  JSON.stringify({
    bound: codes.filter((code) => code === null).length,
    inUse: codes.filter((code) => code === 'EADDRINUSE').length,
  }),
)
// The others bind while we hold ours.
await new Promise((resolve) => setTimeout(resolve, 2_000))
process.exit()

function bind(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }) => resolve(code))
    server.listen(port, () => resolve(null))
  })
}
