/**
 * Aggregates of marks and times alone as bytes (`core/table/packed-occurrences.ts`): of each line its length in two
 * characters of base64url, and the line.
 */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const codes = new Map([...alphabet].map((character, code) => [character, code]));
const mostLength = alphabet.length ** 2 - 1;
const end = '\n';
const ofAlphabet = /^[\w-]+$/;

/** The bytes of some lines, and the text of all, in which these are empty; no text if there are no others. */
export interface PackedAggregates {
  readonly bytes: Uint8Array;
  readonly text?: string;
}

/** The bytes of a text of aggregates; undefined if no line is of this form, and then it is kept as it is. */
export function packAggregateLines(text: string): PackedAggregates | undefined {
  const lines = text.split(end);
  if (lines.includes('')) return undefined;
  let digits = '';
  let areOthers = false;
  const others = lines.map((line) => {
    if (line.length > mostLength || !ofAlphabet.test(line)) {
      areOthers = true;
      return line;
    }
    digits += alphabet.charAt(line.length >> 6) + alphabet.charAt(line.length & 63) + line;
    return '';
  });
  if (digits === '') return undefined;
  // Two characters that no line follows end the bytes.
  const bytes = Buffer.from(digits.padEnd(Math.ceil(digits.length / 4) * 4, 'A'), 'base64url');
  return areOthers ? { bytes, text: others.join(end) } : { bytes };
}

/** The text that was packed. */
export function unpackAggregateLines({ bytes, text }: PackedAggregates): string {
  const lines = linesIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url'));
  if (text === undefined) return lines.join(end);
  let next = 0;
  return text
    .split(end)
    .map((line) => (line === '' ? (lines[next++] ?? '') : line))
    .join(end);
}

function linesIn(digits: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at + 2 < digits.length; ) {
    const length = ((codes.get(digits.charAt(at)) ?? 0) << 6) + (codes.get(digits.charAt(at + 1)) ?? 0);
    if (length === 0) break;
    lines.push(digits.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return lines;
}
