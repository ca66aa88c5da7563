import type { SelfManagedKafkaRecord } from 'aws-lambda';
import type { Load } from '../../core/imports/load.ts';
import type { BadLine, RowLine } from '../../core/imports/piece-line.ts';
import { isObject, readJson } from '../../core/values/json.ts';

/** A record of a topic, as Lambda gives it. A record without a key or without a value lacks the field. */
export type TopicRecord = Omit<SelfManagedKafkaRecord, 'key' | 'value'> & {
  readonly key?: string;
  readonly value?: string;
};

/** A record as a row, and what tells it from all others. */
export interface ReadRecord {
  readonly line: RowLine | BadLine;
  readonly load: Load;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const day = 86_400_000;

/** Reads a record's value as a JSON object. Its timestamp, which the producer or the broker set, is its time. */
export function readRecord(record: TopicRecord, now: number): ReadRecord {
  const { topic, partition, offset, timestamp, value } = record;
  const place = { file: `${topic}-${partition}`, row: offset };
  const load = { startedAt: timestamp, name: `${topic}/${partition}` };
  const bad = (reason: string, raw: unknown): ReadRecord => ({ line: { bad: { place, reason, raw } }, load });
  if (value === undefined) return bad('has no value', null);
  const bytes = Buffer.from(value, 'base64');
  const text = decoded(bytes);
  if (text === undefined) return bad('is no text in UTF-8', bytes.toString('latin1'));
  if (timestamp < 0) return bad('has no timestamp', text);
  if (timestamp > now + day) return bad('has a timestamp that is more than a day ahead', text);
  const row = parsed(text);
  return isObject(row) ? { line: { row, place }, load } : bad('is no JSON object', text);
}

/** The JSON object that is the record's key; undefined if there is none. */
export function readKey({ key }: TopicRecord): Record<string, unknown> | undefined {
  const text = key === undefined ? undefined : decoded(Buffer.from(key, 'base64'));
  const value = text === undefined ? undefined : parsed(text);
  return isObject(value) ? value : undefined;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
