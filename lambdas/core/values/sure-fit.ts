/** Whether keys, with so many bytes besides each, have room whatever their letters take: told without looking at any of them. */
export function surelyFit(keys: Iterable<string>, besides: number, room: number): boolean {
  let sum = 0;
  for (const key of keys) sum += besides + key.length * 3;
  return sum <= room;
}
