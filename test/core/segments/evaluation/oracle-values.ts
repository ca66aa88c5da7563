/** Readings and comparisons as people expect them, written apart from the product's. */
type Fields = Record<string, unknown>;

/** Things in a value that are something. */
export const things = (value: unknown): unknown[] =>
  [value].flat(9).filter((one) => one !== undefined && one !== null && !(typeof one === 'string' && /^\s*$/.test(one)));

export function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number.parseFloat(value) : Number.NaN;
}

const asTime = (value: unknown): number =>
  typeof value === 'string' && /^\d{4}-/.test(value) ? new Date(value).getTime() : Number.NaN;

function equal(value: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'number') return asNumber(value) === wanted;
  if (typeof wanted === 'boolean')
    return value === wanted || (typeof value === 'string' && value.trim().toLowerCase() === `${wanted}`);
  return value === wanted;
}

/** What is at a path; through lists, in each item. */
export function deep(fields: unknown, path: string): unknown {
  let found = [fields];
  for (const name of path.split('.')) found = found.flat(9).map((one) => (one as Fields | undefined | null)?.[name]);
  return found.length === 1 ? found[0] : found;
}

/** Whether a comparison is true of a value. */
export function compares(said: Fields, value: unknown): boolean {
  const items = things(value);
  const wanted = said.value;
  const some = (test: (one: unknown) => boolean): boolean => items.some(test);
  const tests: Record<string, () => boolean> = {
    exists: () => items.length > 0,
    missing: () => items.length === 0,
    equals: () => some((one) => equal(one, wanted)),
    notEquals: () => items.length > 0 && items.every((one) => !equal(one, wanted)),
    anyOf: () => some((one) => (wanted as unknown[]).some((each) => equal(one, each))),
    noneOf: () => items.length > 0 && items.every((one) => (wanted as unknown[]).every((each) => !equal(one, each))),
    greaterThan: () => some((one) => asNumber(one) > (wanted as number)),
    atLeast: () => some((one) => asNumber(one) >= (wanted as number)),
    lessThan: () => some((one) => asNumber(one) < (wanted as number)),
    atMost: () => some((one) => asNumber(one) <= (wanted as number)),
    between: () => some((one) => asNumber(one) >= (said.from as number) && asNumber(one) <= (said.to as number)),
    contains: () =>
      some(
        (one) =>
          equal(one, wanted) ||
          (!Array.isArray(value) && typeof one === 'string' && typeof wanted === 'string' && one.includes(wanted)),
      ),
    startsWith: () => some((one) => typeof one === 'string' && one.startsWith(String(wanted))),
    endsWith: () => some((one) => typeof one === 'string' && one.endsWith(String(wanted))),
    before: () => some((one) => asTime(one) < asTime(wanted)),
    after: () => some((one) => asTime(one) > asTime(wanted)),
  };
  return (tests[String(said.operator)] as () => boolean)();
}
