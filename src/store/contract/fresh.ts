import type { RegistryStore } from '../../operations/world.ts'

/** A store with nothing in it, made for one test. */
export interface Fresh {
  readonly store: RegistryStore
  /** Another way in to the same registry, as another program would have one; the same store where there is only one way in. */
  readonly beside: () => RegistryStore
  readonly dispose: () => Promise<void>
}

export type MakeFresh = () => Promise<Fresh>

/** Runs the test on a fresh store and takes it away afterwards, whatever happened. */
export async function onFresh(
  makeFresh: MakeFresh,
  test: (store: RegistryStore, fresh: Fresh) => Promise<void>,
): Promise<void> {
  const fresh = await makeFresh()
  try {
    await test(fresh.store, fresh)
  } finally {
    await fresh.dispose()
  }
}
