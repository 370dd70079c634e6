import type { Listener } from '../../core/listener.ts'

/** What the kernel says of a listener before anybody looked for its holders. */
export type BoundSocket = Omit<Listener, 'user' | 'holders'>
