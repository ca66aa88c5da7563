/** Orders texts by their UTF-16 units, as `<` does. */
export function ascending(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
