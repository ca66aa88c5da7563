import { toPunycode } from '../values/punycode.ts';
import { folded, visible } from '../values/text.ts';

/**
 * Characters that an unquoted local part cannot contain. Inputs with a name, link or list contain them: brackets,
 * colons, commas, quotes, space, control.
 */
const foreign = /[\s\p{Cc}"(),:;<>@[\\\]]/u;
const domainForm = /^(?!.{254})(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)+(?!-)[a-z][a-z0-9-]{0,62}(?<!-)$/;

/**
 * Normalizes an address: composed, lower case, no invisible characters, the domain in DNS form (`xn--…`). Undefined for
 * other texts: a link (`mailto:`), an address with a name, several addresses.
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
  // Both letters are a sigma, and the form at the end of a word distinguishes nobody.
  const email = `${folded(local, 'NFC').replaceAll('\u03c2', '\u03c3')}@${host}`;
  return [...email].length <= 320 ? email : undefined;
}

const asciiLabel = (label: string): string =>
  /^[\0-\x7f]*$/.test(label) || label.length > 63 || /[\s\p{Cc}]/u.test(label) ? label : `xn--${toPunycode(label)}`;
