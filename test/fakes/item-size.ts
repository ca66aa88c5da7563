/**
 * What DynamoDB counts for an item: names and values of its attributes, in UTF-8. @throws TypeError as the document
 * client does
 */
export const itemSize = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) => (value === undefined ? sum : sum + Buffer.byteLength(name) + valueSize(value)),
    0,
  );

/**
 * Units of one write of so many bytes; a read unit, strongly consistent, is of four kilobytes. Nothing costs less than
 * one.
 */
export const writeUnits = (size: number): number => Math.max(1, Math.ceil(size / 1024));
export const readUnits = (size: number): number => Math.max(1, Math.ceil(size / 4096));

/** A list or map has three bytes of its own and one for each element. */
const containerBytes = 3;
const elementBytes = 1;

function valueSize(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
    case 'bigint':
      return numberSize(value);
    case 'boolean':
      return 1;
    case 'object':
      return value === null ? 1 : objectSize(value);
    default:
      throw new TypeError('Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.');
  }
}

function objectSize(value: object): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Set) return [...value].reduce<number>((sum, member) => sum + valueSize(member), 0);
  if (Array.isArray(value))
    return value.reduce<number>((sum, element) => sum + valueSize(element) + elementBytes, containerBytes);
  return mapSize(value instanceof Map ? Object.fromEntries(value) : value);
}

function mapSize(map: object): number {
  if (Object.getPrototypeOf(map) !== Object.prototype)
    throw new TypeError(`Unsupported type passed: ${map.constructor.name}`);
  return Object.entries(map).reduce(
    (sum, [name, value]) => sum + elementBytes + Buffer.byteLength(name) + valueSize(value),
    containerBytes,
  );
}

/** A byte for two significant digits, one more, and one for a minus sign. */
function numberSize(value: number | bigint): number {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${value} is no number that DynamoDB takes`);
  if (Number.isSafeInteger(value)) return integerSize(value as number);
  const [mantissa = ''] = String(value).toLowerCase().split('e');
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (value < 0 ? 1 : 0);
}

/** The same of most numbers of an item, without the texts that others need. */
function integerSize(value: number): number {
  let rest = Math.abs(value);
  while (rest > 0 && rest % 10 === 0) rest /= 10;
  let digits = 0;
  for (; rest >= 1; rest /= 10) digits += 1;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}
