import { limits } from '../../../core/events/event.ts';
import type { Refusal } from '../../../core/events/submission.ts';
import { got } from '../../../core/values/got.ts';
import { readJson } from '../../../core/values/json.ts';
import { type Handed, handedOver, isDamagedGzip, otherCoding } from './handed-over.ts';
import { unpacked } from './unpacking.ts';

/** A body parsed as JSON. `damaged` is true when some of its bytes were not UTF-8. */
type ReadBody =
  | { readonly ok: true; readonly value: unknown; readonly damaged: boolean }
  /** `sent` is the parsed body, or its text, or its bytes in base64 when they are no text. */
  | { readonly ok: false; readonly refusal: Refusal; readonly sent: unknown };

/** Reads a request's body by its content and not by its label: real clients label gzip as a form, and JSON as text. */
export function readBody(handed: Handed): ReadBody {
  const sent = handedOver(handed);
  const bytes = unpacked(sent);
  if (bytes === 'broken') return damagedOnTheWay;
  if (bytes === 'huge') return tooLarge(sent.toString('base64'), `${sent.length} bytes of gzip`);
  // Quarantine keeps its events one by one.
  if (bytes.length > limits.batchBytes) return tooLarge(parsedOrText(decode(bytes).text), `${bytes.length} bytes`);
  return parse(bytes, handed);
}

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

function parse(bytes: Buffer, handed: Handed): ReadBody {
  if (bytes.length === 0) return refuseBody('the body must hold JSON; got an empty body', '');
  const { text, damaged } = decode(bytes);
  try {
    return { ok: true, value: parseJson(text), damaged };
  } catch (error) {
    if (error instanceof RangeError) return refuseBody('the body is nested too deeply', text);
    const coding = otherCoding(bytes, handed);
    if (coding !== undefined) return unsupported(coding, damaged ? bytes.toString('base64') : text);
    return isDamagedGzip(bytes, handed)
      ? damagedOnTheWay
      : refuseBody(`the body must be valid JSON; ${got(text)} that is not`, text);
  }
}

function parsedOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function decode(bytes: Buffer): { readonly text: string; readonly damaged: boolean } {
  try {
    return { text: strict.decode(bytes), damaged: false };
  } catch {
    return { text: lenient.decode(bytes), damaged: true };
  }
}

/** Python writes NaN, which is not JSON. Such a value becomes null, so that it does not cost the whole batch. */
function parseJson(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (!/\b(?:NaN|Infinity)\b/.test(text)) throw error;
    return readJson(
      text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs, (token) =>
        token.startsWith('"') ? token : 'null',
      ),
    );
  }
}

const refuseBody = (message: string, sent: unknown): ReadBody => ({
  ok: false,
  refusal: { kind: 'invalid', message },
  sent,
});
const tooLarge = (sent: unknown, came: string): ReadBody => ({
  ok: false,
  refusal: {
    kind: 'too_large',
    message: `the body is larger than ${limits.batchBytes / 1024} KB; got ${came}; send smaller batches`,
  },
  sent,
});

const unsupported = (coding: string, sent: unknown): ReadBody => ({
  ok: false,
  refusal: { kind: 'unsupported', message: `the body is compressed with ${coding}; send gzip, or JSON as it is` },
  sent,
});

const damagedOnTheWay: ReadBody = {
  ok: false,
  refusal: {
    kind: 'damaged',
    message: 'the compressed body was damaged on its way; send the request again, uncompressed if this goes on',
  },
  sent: '',
};
