import type { Batches, Item } from './destination.ts';

/** Groups items in order into calls: of one key and one segment, each about another person, none too large. */
export function batchesOf(items: readonly Item[], batches: Batches | undefined): (readonly Item[])[] {
  if (batches === undefined) return items.map((item) => [item]);
  const groups = new Map<string, { items: Item[]; people: Set<string> }[]>();
  for (const item of items) {
    const key = JSON.stringify([batches.keyOf(item), item.about]);
    const person = JSON.stringify([item.call.userId, item.call.anonymousId]);
    const open = groups.get(key) ?? [];
    groups.set(key, open);
    const room = open.find(
      (group) => group.items.length < batches.size && (batches.severalOfOne || !group.people.has(person)),
    );
    const group = room ?? { items: [], people: new Set() };
    if (room === undefined) open.push(group);
    group.items.push(item);
    group.people.add(person);
  }
  return [...groups.values()].flat().map((group) => group.items);
}
