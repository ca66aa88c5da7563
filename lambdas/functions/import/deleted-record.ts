import { createHash } from 'node:crypto';
import type { Line } from '../../core/events/stream-record.ts';
import { formerName } from '../../core/identifiers/former-name.ts';
import type { Identifier } from '../../core/identifiers/identifier.ts';
import { releaseLine, releaseTime } from '../../core/imports/release-line.ts';

/** Whoever a deleted record named shall be erased. */
export interface ErasureWish {
  /** The same for each time that the deletion is sent. */
  readonly requestId: string;
  readonly sourceId: string;
  /** What named them until the deletion, and names nobody else afterwards. */
  readonly identifiers: readonly Identifier[];
  /** When it came in, ISO 8601. */
  readonly receivedAt: string;
}

/** A deletion of a record: what its messages are named by, when it was, and the external ids that the record gave. */
interface Deletion {
  readonly sourceId: string;
  readonly name: readonly string[];
  /** ISO 8601. */
  readonly time: string;
  readonly receivedAt: string;
  readonly ids: readonly Identifier[];
}

/** The releases of the external ids that a deleted record gave. */
export const releasesOf = ({ ids, name, ...deletion }: Deletion): Line[] =>
  ids.map((id) =>
    releaseLine(id, { messageId: digestOf([deletion.sourceId, ...name, 'release', id], 'base64url'), ...deletion }),
  );

/**
 * The wish to erase whom a deleted record named. Its ids are released as well, so that whoever gets one later is not
 * erased with them: until then they are former names.
 */
export function erasureOf({ ids, name, sourceId, time, receivedAt }: Deletion): ErasureWish[] {
  if (ids.length === 0) return [];
  const requestId = uuidOf(digestOf([sourceId, ...name, 'erase'], 'hex'));
  const at = releaseTime(time, receivedAt);
  return [{ requestId, sourceId, identifiers: ids.map((id) => formerName(id, at)), receivedAt }];
}

export const digestOf = (parts: readonly string[], form: 'base64url' | 'hex'): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest(form);

/** A UUID of version 8, whose digits are anybody's, of the first digits of a hash. */
const uuidOf = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
