/** Letters and marks that no version of Unicode since 13 has given another case or order, so that Node.js and Python fold them alike. */
const settled = /[\0-\u085f\u0900-\u0e7f\u0f00-\u1a1f\u1e00-\ua4cf\uac00-\ud7a3\uf900-\uffef]+/gu;
const ascii = /^[\0-\x7f]*$/;

/** Lower case, letter by letter; letters that are new in Unicode stay as they are. */
export const lowered = (text: string): string =>
  ascii.test(text) ? text.toLowerCase() : text.replace(settled, lowerEach);

/** One form of the same text: lower case, composed; `NFKC` takes wide and joined letters for the plain ones, too. */
export const folded = (text: string, form: 'NFC' | 'NFKC'): string =>
  ascii.test(text)
    ? text.toLowerCase()
    : text.replace(settled, (run) => lowerEach(lowerEach(run).normalize(form)).normalize(form));

/** Not of the whole: a sigma at the end of a word would become another letter. */
const lowerEach = (text: string): string => [...text].map((letter) => letter.toLowerCase()).join('');

/** Signs that nobody sees: zero-width, soft hyphens, marks of direction, selectors of variants. */
const unseen = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f]|\u034f/g;

/** The text without signs that nobody sees, and without the space around it. */
export const visible = (text: string): string => (ascii.test(text) ? text : text.replace(unseen, '')).trim();

/** Whether a value is a text of nothing but white space, which says nothing. */
export const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

/** Orders texts by code points, as Python and Spark do; JavaScript's own `<` takes half an emoji for less than U+E000. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x !== y) return rankOf(x) - rankOf(y);
  }
  return a.length - b.length;
}

/** Halves of what is beyond U+FFFF come after all else. */
const rankOf = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);
