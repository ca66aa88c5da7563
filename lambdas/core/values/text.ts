/**
 * Letters and marks whose case and order have not changed in Unicode since version 13, so Node.js and Python fold them
 * alike.
 */
const settled = /[\0-\u085f\u0900-\u0e7f\u0f00-\u1a1f\u1e00-\ua4cf\uac00-\ud7a3\uf900-\uffef]+/gu;
const ascii = /^[\0-\x7f]*$/;

/** Lower case, letter by letter; letters that are new in Unicode stay unchanged. */
export const lowered = (text: string): string =>
  ascii.test(text) ? text.toLowerCase() : text.replace(settled, lowerEach);

/** Normalizes a text: lower case, composed; `NFKC` also replaces wide and joined letters with plain ones. */
export const folded = (text: string, form: 'NFC' | 'NFKC'): string =>
  ascii.test(text)
    ? text.toLowerCase()
    : text.replace(settled, (run) => lowerEach(lowerEach(run).normalize(form)).normalize(form));

/** Lowering the whole text would change a sigma at the end of a word. */
const lowerEach = (text: string): string => [...text].map((letter) => letter.toLowerCase()).join('');

/** Invisible characters: zero-width, soft hyphens, marks of direction, variation selectors. */
const unseen = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f]|\u034f/g;

/** The text without invisible characters and surrounding space. */
export const visible = (text: string): string => (ascii.test(text) ? text : text.replace(unseen, '')).trim();

/** Whether a value is a text of white space only, which counts as missing. */
export const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

/** Compares texts by code points, as Python and Spark do; JavaScript's `<` sorts half an emoji before U+E000. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rankOf(x) - rankOf(y);
  }
  return a.length - b.length;
}

/** Surrogates sort after all other units. */
function rankOf(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
