/**
 * The long run of the failure suite, until the figures of docs/reliability.md are reached: about a quarter of an hour on a quiet machine. `IZA_PORTS_SEED` plays
 * a run again. Words behind `npm run reliability --` go to `bun test`.
 */
const stores = ['sqlite.processes', 'model', 'etcd/failover', 'etcd/partition', 'etcd/lost-answers', 'etcd/model']
const suite = [
  ...stores.map((name) => `src/store/${name}.test.ts`),
  'test/pid-reuse/pid-reuse.test.ts',
  'test/journeys/supervisor-kills.test.ts',
  'test/hand-over/hand-over.test.ts',
]
const { exitCode } = Bun.spawnSync(
  [process.execPath, 'test', '--timeout', '3600000', ...suite, ...process.argv.slice(2)],
  { env: { ...process.env, IZA_PORTS_RELIABILITY: 'long' }, stdout: 'inherit', stderr: 'inherit' },
)
process.exit(exitCode)

export {}
