import { TCString } from '@iabtcf/core';
import type { Signals } from './signals.ts';

/**
 * Characters up to the purposes, and what an empty rest has. The rest lists vendors in ranges: some characters can name
 * millions.
 */
const upToPurposes = 34;
const emptyRest = 'A'.repeat(10);
const purposes = Array.from({ length: 11 }, (_, n) => n + 1);

/**
 * Whether a string of IAB's TCF consents to each purpose. @throws several kinds of errors when nobody can read it
 */
export function signalsOfTcf(text: string): Signals {
  const [core = ''] = text.split('.');
  if (core.length < upToPurposes) throw new SyntaxError('too short');
  const { purposeConsents } = TCString.decode(core.slice(0, upToPurposes) + emptyRest);
  return Object.fromEntries(purposes.map((purpose) => [`tcf:${purpose}`, purposeConsents.has(purpose)]));
}
