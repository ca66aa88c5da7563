import { toPunycode } from '../values/punycode.ts';
import { folded, visible } from '../values/text.ts';

/** What no local part has without quotes, and who sends a name, a link or a list has: brackets, colons, commas, quotes, space, control. */
const foreign = /[\s\p{Cc}"(),:;<>@[\\\]]/u;
const domainForm = /^(?!.{254})(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)+(?!-)[a-z][a-z0-9-]{0,62}(?<!-)$/;

/**
 * An address in its one form: composed, lower case, without signs that nobody sees, its domain as the DNS has it (`xn--…`).
 * Undefined for anything else: a link (`mailto:`), a name beside it, several addresses.
 */
export function normalizeEmail(text: string): string | undefined {
  if (text.length > 2000) return undefined;
  const [local = '', domain, ...more] = visible(text).split('@');
  if (domain === undefined || more.length > 0 || local === '' || foreign.test(local)) return undefined;
  const host = folded(domain, 'NFKC')
    .split(/[.\u3002]/)
    .map(asciiLabel)
    .join('.');
  if (!domainForm.test(host)) return undefined;
  // Two letters for one: how a word ends tells nobody from anybody.
  const email = `${folded(local, 'NFC').replaceAll('\u03c2', '\u03c3')}@${host}`;
  return [...email].length <= 320 ? email : undefined;
}

const asciiLabel = (label: string): string =>
  /^[\0-\x7f]*$/.test(label) || label.length > 63 || /[\s\p{Cc}]/u.test(label) ? label : `xn--${toPunycode(label)}`;
