import { expect, test } from 'bun:test'
import { parseBlocks, readKernelFacts } from './kernel.ts'

test('reads the blocks that the kernel writes', () => {
  expect(parseBlocks('')).toEqual([])
  expect(parseBlocks('8080,9148-9150\n')).toEqual([
    { from: 8080, to: 8080 },
    { from: 9148, to: 9150 },
  ])
})

test('tells what the kernel of this machine does by itself', async () => {
  const [from = 0, to = 0] = (await Bun.file('/proc/sys/net/ipv4/ip_local_port_range').text()).split(/\s+/).map(Number)
  const facts = readKernelFacts()
  expect(facts.ephemeral).toEqual({ from, to })
  expect(facts.unprivilegedFrom).toBe(Number(await Bun.file('/proc/sys/net/ipv4/ip_unprivileged_port_start').text()))
})
