/** Controls, and signs that are not seen and turn or join the text around them; halves of a character. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text with what nobody can see written as its number, so that a value cannot look like another one. */
export const visible = (text: string): string =>
  text.replace(unseen, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** A text as HTML that is that text and nothing else. */
export const escaped = (text: string): string => text.replace(/[&<>"'`]/g, (sign) => escapes[sign] ?? '');

/** Somebody's text on a page: it cannot be markup, and cannot turn what stands around it. */
export const shown = (text: string): string => `<bdi>${escaped(visible(text))}</bdi>`;
