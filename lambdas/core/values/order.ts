/** Orders texts by their UTF-16 units, as `<` does. */
export const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
