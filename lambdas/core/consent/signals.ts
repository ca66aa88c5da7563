import { fieldsOf, isObject } from '../values/json.ts';

/** Reads the strings of TCF and GPP in a consent object: signals by their names; undefined where there is no string. */
export type SignalsOf = (consent: unknown) => Readonly<Record<string, boolean>> | undefined;

/** A consent object with what its strings say, in place of what a client claims that they say. */
export function withSignals(consent: unknown, signalsOf: SignalsOf): unknown {
  if (!isObject(consent)) return consent;
  const { signals: _, ...stated } = fieldsOf(consent);
  const signals = signalsOf(stated);
  return signals === undefined ? stated : { ...stated, signals };
}
