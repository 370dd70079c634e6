/**
 * A server for the tests: listens as its one argument says (JSON), writes a line once it does, and goes on until it is ended.
 * `term` is what TERM does to it: nothing at all, or the end after so many milliseconds; without it, the end at once.
 */
export interface ListenSpecification {
  readonly host: string
  readonly port: number
  readonly protocol?: 'tcp' | 'udp'
  readonly ipv6Only?: boolean
  readonly reusePort?: boolean
  readonly term?: 'ignored' | number
  /** Also starts a helper that nobody else looks after. */
  readonly helper?: boolean
}

const specification: ListenSpecification = JSON.parse(process.argv[2] ?? '')
const {
  host: hostname,
  port,
  protocol = 'tcp',
  ipv6Only = false,
  reusePort = false,
  term,
  helper = false,
} = specification

if (term !== undefined) {
  process.on('SIGTERM', () => {
    if (term !== 'ignored') setTimeout(() => process.exit(0), term)
  })
}
if (protocol === 'udp') {
  await Bun.udpSocket({ hostname, port, socket: { data() {} } })
} else {
  // A value of its own: `ipv6Only` is honoured by Bun.listen and missing in its types.
  const options = { hostname, port, ipv6Only, reusePort, exclusive: !reusePort }
  Bun.listen({ ...options, socket: { data() {} } })
}
const started = helper ? Bun.spawn(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore'] }).pid : null
console.log(JSON.stringify({ pid: process.pid, helper: started }))
