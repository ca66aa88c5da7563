/** Bytes that DynamoDB counts for an item: names and values in UTF-8, numbers by digits, three and more for what is nested. @throws TypeError as the document client does */
export function itemBytes(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => (value === undefined ? sum : sum + Buffer.byteLength(name) + valueBytes(value)),
    0,
  );
}

function valueBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is no number that DynamoDB takes`);
      return Math.ceil(String(value).length / 2) + 1;
    case 'boolean':
      return 1;
    case 'object':
      return nestedBytes(value);
    default:
      throw new TypeError('Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.');
  }
}

function nestedBytes(value: object | null): number {
  if (value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + 1 + valueBytes(part), 3);
  if (value instanceof Uint8Array) return value.byteLength;
  if (value instanceof Set) return [...value].reduce((sum: number, part) => sum + valueBytes(part), 3);
  if (value instanceof Map) return nestedBytes(Object.fromEntries(value));
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new TypeError(`Unsupported type passed: ${value.constructor.name}`);
  return (
    3 + Object.entries(value).reduce((sum, [name, part]) => sum + 1 + Buffer.byteLength(name) + valueBytes(part), 0)
  );
}
