/** The second thread of a walk, see `walk-all.ts`: takes processes until none is left. */
import { socketWalk } from '../native/descriptors.ts'
import { openLibc } from '../native/libc.ts'
import { SharedWalk } from './shared-walk.ts'
import { wantedOf } from './walk-all.ts'

addEventListener('message', ({ data }: MessageEvent<SharedArrayBuffer>) => {
  const shared = new SharedWalk(data)
  if (!shared.begin()) return
  const walk = socketWalk(openLibc())
  const wanted = new Set(shared.wanted)
  let whole = true
  for (let pid = shared.take(); pid !== null && whole; pid = shared.take()) {
    for (const inode of wantedOf(pid, wanted, walk)) whole &&= shared.keep(pid, inode)
  }
  shared.end(whole)
})
