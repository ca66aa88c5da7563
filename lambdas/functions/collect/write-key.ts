import { hash } from 'node:crypto';
import { readAuthorization, readUserName } from '../../core/apis/basic-credentials.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { isObject } from '../../core/events/submission.ts';
import type { Source } from '../../core/sources/definition.ts';

/** Finds the source that a write key belongs to. Only digests are compared, so the time it takes tells nothing of a key. */
export type FindSource = (writeKey: string) => Source | undefined;

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Indexes a deployment's sources by their keys' digests. */
export function sourceFinder({ sources }: Pick<CdpConfig, 'sources'>): FindSource {
  const byHash = new Map(sources.map((source) => [source.writeKeyHash ?? sha256(source.writeKey ?? ''), source]));
  return (writeKey) => byHash.get(sha256(writeKey));
}

/** A write key, or why none could be read. */
export type ReadKey =
  | { readonly ok: true; readonly writeKey: string }
  | { readonly ok: false; readonly message: string };

/** Where a request may say its write key, most trusted first. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly body?: unknown;
  readonly query?: string | undefined;
}

/** Reads the write key from Basic authorization, or else from the body's `writeKey`, or else from the query's. An empty key counts as none. */
export function readWriteKey({ authorization, body, query }: Credentials): ReadKey {
  const header = readAuthorization(authorization);
  const given: readonly unknown[] = [
    readUserName(header),
    ...(isObject(body) ? [body.writeKey] : []),
    ...(query ? new URLSearchParams(query).getAll('writeKey') : []),
  ];
  const keys = given.filter((key) => typeof key === 'string');
  const writeKey = keys.find((key) => key !== '');
  if (writeKey !== undefined) return { ok: true, writeKey };
  if (keys.length > 0) return none('the write key is empty');
  if (header.scheme === 'bearer')
    return none('OAuth tokens are not supported; send the write key by Basic authorization');
  return none('send the write key as the user name of Basic authorization, or as writeKey in the body or the query');
}

const none = (message: string): ReadKey => ({ ok: false, message });
