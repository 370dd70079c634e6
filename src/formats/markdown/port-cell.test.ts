import { expect, test } from 'bun:test'
import { readPortCell } from './port-cell.ts'

function shown(text: string): string {
  const read = readPortCell(text, ['tcp'])
  if (typeof read === 'string') return read
  return read
    .map(({ protocol, address, port }) => `${address === '*' ? '' : `${address}:`}${port}/${protocol}`)
    .join(' ')
}

test.each([
  ['3000', '3000/tcp'],
  ['3000/3001', '3000/tcp 3001/tcp'],
  ['3000, 3001', '3000/tcp 3001/tcp'],
  ['3000 and 3001', '3000/tcp 3001/tcp'],
  ['3000, 3000', '3000/tcp'],
  ['8000-8002', '8000/tcp 8001/tcp 8002/tcp'],
  ['8000 – 8002', '8000/tcp 8001/tcp 8002/tcp'],
  ['8000 to 8002', '8000/tcp 8001/tcp 8002/tcp'],
  ['8000-8001, 9000', '8000/tcp 8001/tcp 9000/tcp'],
  [':3000', '3000/tcp'],
  ['Port 3000', '3000/tcp'],
  ['3000 (default)', '3000/tcp'],
  ['HTTP: 3000, gRPC: 50051', '3000/tcp 50051/tcp'],
  ['localhost:3000', '3000/tcp'],
  ['http://localhost:3000', '3000/tcp'],
  ['http://127.0.0.1:3000/health', '3000/tcp'],
  ['127.0.0.1:3000', '127.0.0.1:3000/tcp'],
  ['[::1]:3000', '::1:3000/tcp'],
  ['[::]:3000', ':::3000/tcp'],
  ['0.0.0.0:8080->80/tcp', '0.0.0.0:8080/tcp'],
  ['8080:80', '8080/tcp'],
  ['127.0.0.1:8080:80/tcp', '127.0.0.1:8080/tcp'],
  ['53 TCP/UDP', '53/tcp 53/udp'],
  ['53 (UDP)', '53/udp'],
  ['53/tcp/udp', '53/tcp 53/udp'],
  ['5353/udp', '5353/udp'],
  ['53/tcp, 123/udp', '53/tcp 123/udp'],
  ['500/4500/udp', '500/udp 4500/udp'],
  ['500, 4500 UDP', '500/udp 4500/udp'],
  ['UDP 53, TCP 80', '53/udp 80/tcp'],
  ['none', ''],
])('reads %p as %p', (text, ports) => {
  expect(shown(text)).toBe(ports)
})

test.each([
  ['', 'the port cell is empty'],
  ['N/A', "the port cell says 'N/A'"],
  ['-', "the port cell says '-'"],
  ['TBD', "the port cell says 'TBD'"],
  ['TCP', "the port cell says 'TCP'"],
  ['https://example.com', "the port cell says 'https://example.com'"],
  ['3000 → 3006', "the port cell says '3000 → 3006'"],
  ['3000 (was 8080)', "the port cell says '3000 (was 8080)'"],
  ['３０００', "the port cell says '３０００'"],
  ['0', '0 is not a port'],
  ['65536', '65536 is not a port'],
  ['99999999999', '99999999999 is not a port'],
  ['03000', '03000 is not a port'],
  ['3,000', '000 is not a port'],
  ['-1', "'-1' is not a port"],
  ['3e3', "'3e3' is not a port"],
  ['3000+', "'3000+' is not a port"],
  ['9000-8000', '9000-8000 runs backwards'],
  ['8000-8100', '8000-8100 are 101 ports, 100 at once are the most for a service'],
  ['999.1.1.1:80', "'999.1.1.1' is not an address"],
  ['1,'.repeat(6000), 'the port cell has 12000 characters'],
])('says why %p gives no port', (text, why) => {
  expect(shown(text)).toBe(why)
})
