/** Numbers in [0, 1) that look random and come again with the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The seed of this run, told so that a failure can be played again: `IZA_PORTS_SEED` where it is set. */
export function newSeed(): number {
  const seed = Number(process.env.IZA_PORTS_SEED ?? Math.floor(Math.random() * 1e9))
  console.log(`seed ${seed} (IZA_PORTS_SEED)`)
  return seed
}
