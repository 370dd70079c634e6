/** Tries to get the port again and again until its input is closed, as whoever is unlucky enough to have chosen the same one: `thief.ts PORT`. Writes how often it had it. */
const port = Number(process.argv[2])
let had = 0
const input = { over: false }
void Bun.stdin.text().then(() => (input.over = true))
console.log('ready')
while (!input.over) {
  for (let turn = 0; turn < 50; turn++) {
    try {
      Bun.listen({ hostname: '::', port, exclusive: true, socket: { data() {} } }).stop(true)
      had++
    } catch {
      // Somebody has it.
    }
  }
  await Bun.sleep(0)
}
console.log(had)
process.exit()

export {}
