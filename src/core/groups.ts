/**
 * The items by their keys, in the order in which the keys came. What `Map.groupBy` does; that takes 0.1 ms of every board when it is first called, and this takes
 * next to nothing (Bun 1.4.5).
 */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
