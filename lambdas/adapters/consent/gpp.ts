import { GppModel, Sections } from '@iabgpp/cmpapi';
import { type Signals, stricter } from './signals.ts';
import { signalsOfTcf } from './tcf.ts';

/** Fields of the sections of the United States; 1 is an opt-out, 2 is none, and 0 is no answer. */
const optOuts = [
  ['gpp:sale', 'SaleOptOut'],
  ['gpp:sharing', 'SharingOptOut'],
  ['gpp:targetedAdvertising', 'TargetedAdvertisingOptOut'],
] as const;

/**
 * Most characters of a header, which lists sections in ranges of Fibonacci's numbers: with each further character, the
 * library may work nine times as long. Six name the usual sections.
 */
const longestHeader = 9;

/**
 * What the sections of a string of IAB's GPP say: where several answer, the stricter. A section with `Gpc` refuses all.
 * @throws several kinds of errors when nobody can read it
 */
export function signalsOfGpp(text: string): Signals {
  const [header = '', ...sections] = text.split('~');
  if (header.length > longestHeader) throw new RangeError('too many sections');
  const model = new GppModel(text);
  const ids: readonly number[] = model.getSectionIds();
  return ids.map((id, n) => signalsOfSection(model, id, sections[n] ?? '')).reduce(stricter, {});
}

function signalsOfSection(model: GppModel, id: number, text: string): Signals {
  const name = Sections.SECTION_ID_NAME_MAP.get(id) ?? '';
  if (name === 'tcfeuv2') return signalsOfTcf(text);
  const fieldOf = (field: string): unknown =>
    model.hasField(name, field) ? model.getFieldValue(name, field) : undefined;
  if (name === 'uspv1') return answerOf('gpp:sale', fieldOf('OptOutSale'), 'Y', 'N');
  const stated = optOuts.map(([signal, field]) => answerOf(signal, fieldOf(field), 1, 2)).reduce(stricter, {});
  const isGpc = fieldOf('Gpc') === true;
  return isGpc ? Object.fromEntries(optOuts.map(([signal]) => [signal, false])) : stated;
}

function answerOf(signal: string, value: unknown, optedOut: unknown, notOptedOut: unknown): Signals {
  if (value === optedOut) return { [signal]: false };
  return value === notOptedOut ? { [signal]: true } : {};
}
