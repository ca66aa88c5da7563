type Check<Part> = (part: unknown) => part is Part;
type Checks<Parts extends readonly unknown[]> = { readonly [N in keyof Parts]: Check<Parts[N]> };

/** A client's value, which was checked on receipt. */
export const isValue = (part: unknown): part is unknown => part !== undefined;
/** Says whether something that JSON can hold is neither a list nor an object. */
export const isScalar = (part: unknown): part is string | number | boolean | null =>
  part === null || typeof part !== 'object';

/** Says whether something is an entry of these parts. */
export const isEntryOf =
  <Parts extends readonly unknown[]>(...parts: Checks<Parts>) =>
  (entry: unknown): entry is Parts =>
    Array.isArray(entry) && entry.length === parts.length && beginsWith(entry, parts);

/** Says whether something is an entry that has these parts, and after them only what `isRest` says. */
export const isEntryWith =
  <Parts extends readonly unknown[], Rest>(parts: Checks<Parts>, isRest: Check<Rest>) =>
  (entry: unknown): entry is [...Parts, ...Rest[]] =>
    Array.isArray(entry) && beginsWith(entry, parts) && endsWith(entry, parts.length, isRest);

function beginsWith(entry: readonly unknown[], parts: readonly Check<unknown>[]): boolean {
  for (let n = 0; n < parts.length; n += 1) if (parts[n]?.(entry[n]) !== true) return false;
  return true;
}

function endsWith(entry: readonly unknown[], from: number, isPart: Check<unknown>): boolean {
  for (let n = from; n < entry.length; n += 1) if (!isPart(entry[n])) return false;
  return true;
}
