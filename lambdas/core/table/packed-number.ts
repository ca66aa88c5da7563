/** Writes a whole number in base 36. */
export function packNumber(number: number | bigint): string {
  if (typeof number === 'bigint' || !(Math.abs(number) >= lastFour)) return number.toString(36);
  if (number < 0) return `-${packNumber(-number)}`;
  // The engine formats whole numbers of 31 bits eight times as fast as larger ones.
  const high = Math.floor(number / lastFour);
  const low = number % lastFour;
  return `${high.toString(36)}${twoDigits[Math.floor(low / 1296)]}${twoDigits[low % 1296]}`;
}

const base36 = Array.from({ length: 36 }, (_, n) => n.toString(36));
const twoDigits = base36.flatMap((first) => base36.map((second) => first + second));
/** 36 to the fourth: the range of four digits in base 36. */
const lastFour = 1296 * 1296;

/** Reads a whole number of any size in base 36. */
export function unpackAmount(text: string): bigint {
  if (text.length <= surelySafe) return BigInt(Number.parseInt(text, 36));
  const digits = [...text.replace('-', '')];
  const amount = digits.reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
  return text.startsWith('-') ? -amount : amount;
}

/** Digits in base 36 that a double holds exactly. */
const surelySafe = 10;

/** Reads whole numbers in base 36; none in an empty text. */
export const unpackNumbers = (text: string, separator: string): number[] =>
  partsOf(text, separator).map((part) => Number.parseInt(part, 36));

/** The parts of a text; none of an empty one. */
export const partsOf = (text: string, separator: string): string[] => (text === '' ? [] : text.split(separator));

/** Writes each whole number as its distance from the one before it. */
export const packDistances = (numbers: readonly number[]): string[] =>
  numbers.map((number, n) => packNumber(number - (numbers[n - 1] ?? 0)));

/** Reads whole numbers from their distances. */
export function unpackDistances(parts: readonly string[]): number[] {
  let last = 0;
  return parts.map((part) => {
    last += Number.parseInt(part, 36);
    return last;
  });
}
