import type { FileMetaData, ParquetParsers } from 'hyparquet';
import { readJson } from '../../core/values/json.ts';

/** What cannot be written as JSON. */
class NoValue {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && utf8.decode(bytes);
  } catch {
    return new NoValue('has bytes that are not utf-8');
  }
}

/** Milliseconds as a time; fractions go, towards the past. */
function time(units: bigint | undefined, inMillisecond: bigint): unknown {
  if (units === undefined) return undefined;
  const rest = units % inMillisecond;
  const at = new Date(Number((units - (rest < 0n ? rest + inMillisecond : rest)) / inMillisecond));
  return Number.isNaN(at.getTime()) ? new NoValue('has a time that no calendar has') : at.toISOString();
}

/** What the reader of Parquet makes of values, so that nothing is replaced and no time is cut. */
export const valueParsers: Partial<ParquetParsers> = {
  stringFromBytes: text,
  jsonFromBytes: (bytes: Uint8Array | undefined) => text(bytes),
  timestampFromMilliseconds: (units: bigint | undefined) => time(units, 1n),
  timestampFromMicroseconds: (units: bigint | undefined) => time(units, 1_000n),
  timestampFromNanoseconds: (units: bigint | undefined) => time(units, 1_000_000n),
  dateFromDays: (days: number | undefined) =>
    days === undefined ? undefined : dayText(time(BigInt(days) * 86_400_000n, 1n)),
};

const dayText = (at: unknown): unknown => (typeof at === 'string' ? at.slice(0, -14) : at);

/**
 * Takes decimal numbers out of a file's description, because the reader would make doubles of them; gives the decimals
 * of each column.
 */
export function withoutDecimals(metadata: FileMetaData) {
  const scales = new Map<string, number>();
  const schema = metadata.schema.map((element, n) => {
    if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') return element;
    if (n > 0) scales.set(element.name, element.scale ?? 0);
    const { converted_type: _, logical_type: __, ...others } = element;
    return others;
  });
  return { metadata: { ...metadata, schema }, scales };
}

/** A value of a file as one of JSON, or why there is none. */
export type JsonValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/** Makes a value of JSON. Whole and decimal numbers keep their digits; what is no number to a program is nothing. */
export function jsonValue(given: unknown, scale?: number): JsonValue {
  try {
    return { ok: true, value: plain(given, scale) };
  } catch (error) {
    if (error instanceof NoValue) return { ok: false, reason: error.reason };
    throw error;
  }
}

function plain(given: unknown, scale?: number): unknown {
  if (given === undefined || given === null) return null;
  if (given instanceof NoValue) throw given;
  if (scale !== undefined && !Array.isArray(given)) return decimal(given, scale);
  if (typeof given === 'bigint') return numberOf(String(given));
  if (typeof given === 'number') return Number.isNaN(given) ? null : finite(given);
  if (given instanceof Uint8Array) return plain(text(given));
  if (Array.isArray(given)) return given.map((each) => plain(each, scale));
  if (typeof given !== 'object') return given;
  return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, plain(each)]));
}

function finite(number: number): number {
  if (!Number.isFinite(number)) throw new NoValue('has a number that is infinite');
  return number;
}

function decimal(given: unknown, scale: number): unknown {
  const units = given instanceof Uint8Array ? signed(given) : BigInt(given as bigint | number);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale);
  const shown = fraction.replace(/0+$/, '');
  return numberOf(`${units < 0n ? '-' : ''}${whole}${shown === '' ? '' : `.${shown}`}`);
}

const signed = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));

const numberOf = (digits: string): unknown => (readJson(`[${digits}]`) as unknown[])[0];
