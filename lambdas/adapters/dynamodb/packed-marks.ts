/**
 * A profile's marks as bytes, where they are many: DEFLATE cannot shorten them, and needs a third of its time to try.
 * Their text is hours in base 36, each with its marks in base64url (`message-marks.ts`), so four characters become
 * three bytes: of each hour its four digits, how many marks it has in two, and its marks.
 */
const hourDigits = 4;
const countDigits = 2;
const markLength = 9;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const mostInHour = alphabet.length ** countDigits - 1;

/** The bytes of a text of marks; undefined if it is of another form, and then it is kept as it is. */
export function packMarks(text: string): Uint8Array | undefined {
  let digits = '';
  for (const group of text === '' ? [] : text.split(';')) {
    const count = (group.length - hourDigits - 1) / markLength;
    if (!Number.isInteger(count) || count < 1 || count > mostInHour || !form.test(group)) return undefined;
    digits += group.slice(0, hourDigits) + alphabet[count >> 6] + alphabet[count & 63] + group.slice(hourDigits + 1);
  }
  return Buffer.from(digits.padEnd(Math.ceil(digits.length / 4) * 4, 'A'), 'base64url');
}

const form = /^[0-9a-z]{4} [\w-]+$/;

/** The text of such bytes. */
export function unpackMarks(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
  const groups: string[] = [];
  for (let from = 0; from + hourDigits + countDigits <= digits.length; ) {
    const at = from + hourDigits;
    const count = (alphabet.indexOf(digits.charAt(at)) << 6) + alphabet.indexOf(digits.charAt(at + 1));
    const end = at + countDigits + count * markLength;
    groups.push(`${digits.slice(from, at)} ${digits.slice(at + countDigits, end)}`);
    from = end;
  }
  return groups.join(';');
}
