/**
 * Runs the command that its arguments are and writes its peak of resident memory in bytes, and our own. A process of its own, because Linux counts
 * the peak of whoever started a program as that program's (`exec_mmap`, fs/exec.c, after vfork): what is told is only true above our own.
 */
const { exitCode, resourceUsage } = Bun.spawnSync(process.argv.slice(2), { stdio: ['ignore', 'pipe', 'inherit'] })
const own = Bun.spawnSync(['true']).resourceUsage?.maxRSS ?? 0
console.log(JSON.stringify({ exitCode, peak: resourceUsage?.maxRSS ?? 0, own }))

export {}
