import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { Person, binary } from '../ports.fixture.ts'

const isolated = process.getuid?.() === 0 && Bun.which('unshare')

/** Holders of every port there is, in a network of their own, so that nobody else is in the way; then the words, in the same network. */
const script = `
  fifo=$(mktemp -u) && mkfifo "$fifo" && exec 9<>"$fifo" && rm "$fifo"
  for from in 1 16385 32769 49153; do
    to=$((from + 16383)); [ "$to" -gt 65535 ] && to=65535
    "$BUN" "$HOLD" "$from" "$to" </dev/null >&9 & pids="$pids $!"
  done
  for from in 1 2 3 4; do read -r up <&9; done
  "$@"; code=$?
  kill -9 $pids
  exit $code
`

test.skipIf(!isolated)(
  'a machine on which somebody listens on every port (needs root and unshare)',
  async () => {
    const person = new Person({ BUN: process.execPath, HOLD: join(import.meta.dir, 'servers/hold-ports.ts') })
    const there = (...words: string[]) => person.run(['unshare', '-n', 'sh', '-c', script, 'sh', ...words])
    const { out, err, code } = await there(binary, 'status', '--json')
    expect([err, code]).toEqual(['', 0])
    const { strays } = JSON.parse(out) as { strays: { port: number; holders: unknown[] }[] }
    expect(strays).toHaveLength(65_535)
    expect(strays.every(({ holders }) => holders.length === 1)).toBe(true)
  },
  120_000,
)
