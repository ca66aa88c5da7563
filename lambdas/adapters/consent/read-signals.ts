import type { Purpose } from '../../core/consent/purpose.ts';
import type { SignalsOf } from '../../core/consent/signals.ts';
import { fieldsOf } from '../../core/values/json.ts';
import { type Signals, stricter } from './signals.ts';

/** A process remembers what so many strings say. */
const mostRemembered = 1_000;
/** Characters of a string; a longer one is not read. */
const longest = 8_192;

type Read = (text: string) => Signals;

/**
 * Returns what reads the strings of TCF and GPP in events, as far as purposes are mapped to them; nothing if none is,
 * and then the libraries are not loaded. A string that nobody can read says nothing, and costs no event.
 */
export async function readSignals(purposes: readonly Purpose[]): Promise<SignalsOf | undefined> {
  const wanted = new Set(
    purposes.flatMap(({ tcf = [], gpp = [] }) => [
      ...tcf.map((one) => `tcf:${one}`),
      ...gpp.map((one) => `gpp:${one}`),
    ]),
  );
  if (wanted.size === 0) return undefined;
  const { signalsOfTcf } = await import('./tcf.ts');
  const { signalsOfGpp } = await import('./gpp.ts');
  const of = (read: Read) => remembering((text) => pick(attempt(read, text), wanted));
  const ofTcf = of(signalsOfTcf);
  const ofGpp = of(signalsOfGpp);
  return (consent) => {
    const { tcf, gpp } = fieldsOf(consent);
    const all = [...(typeof tcf === 'string' ? [ofTcf(tcf)] : []), ...(typeof gpp === 'string' ? [ofGpp(gpp)] : [])];
    return all.length === 0 ? undefined : all.reduce(stricter, {});
  };
}

function attempt(read: Read, text: string): Signals {
  try {
    return text.length > longest ? {} : read(text);
  } catch {
    return {};
  }
}

const pick = (signals: Signals, wanted: ReadonlySet<string>): Signals =>
  Object.fromEntries(Object.entries(signals).filter(([name]) => wanted.has(name)));

/** Reads each string once, as long as it is among the last that came. */
function remembering(read: Read): Read {
  const known = new Map<string, Signals>();
  return (text) => {
    const found = known.get(text) ?? read(text);
    known.delete(text);
    known.set(text, found);
    const [oldest] = known.keys();
    if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
    return found;
  };
}
