/** Builds `dist/ports`, one executable that needs nothing else. It is put in place by a rename, so that a running one is never torn. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

mkdirSync('dist', { recursive: true })
const beside = `dist/.ports-${process.pid}`
const result = await Bun.build({
  entrypoints: ['src/cli/main.ts', 'src/machine/listeners/second-walker.ts'],
  // Side by side in the executable, where `walk-all.ts` looks for its second thread beside itself.
  naming: { entry: '[name].[ext]' },
  compile: { outfile: beside, autoloadBunfig: false, autoloadDotenv: false, jitPolicy: 20 },
  // Most of what a short command runs, it runs once: compiling it costs more than it saves (3 ms of the board's 17).
  format: 'esm',
  // Each command loads its own part: one file takes twice the time to start (10 ms where this takes 5.5; Bun 1.4.5).
  splitting: true,
  minify: true,
  bytecode: true,
  target: 'bun',
})
if (!result.success) {
  for (const log of result.logs) console.error(log)
  process.exit(1)
}
// The system keeps a file in memory in pieces as large as those that were written, and maps it by the piece: what was written in small ones takes up to 3 ms longer to
// start (ext4, Linux 6.18), until the file is read from the disk again.
writeFileSync(`${beside}-whole`, readFileSync(beside), { mode: 0o755 })
rmSync(beside)
renameSync(`${beside}-whole`, 'dist/ports')
console.log(`built dist/ports (${Math.round(Bun.file('dist/ports').size / 2 ** 20)} MB)`)
