/** Whether keys fit a room whatever bytes their characters take, without looking at each character. */
export function surelyFit(keys: Iterable<string>, besides: number, room: number): boolean {
  let sum = 0;
  for (const key of keys) sum += besides + key.length * 3;
  return sum <= room;
}
