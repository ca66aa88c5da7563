import { hash } from 'node:crypto';
import { readAuthorization, readUserName } from '../../core/apis/basic-credentials.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { type SourceWithKey, withKey } from '../../core/sources/definition.ts';
import { isObject } from '../../core/values/json.ts';

/** Finds the source of a write key. It compares digests, so its duration tells nothing about a key. */
export type FindSource = (writeKey: string) => SourceWithKey | undefined;

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Indexes the sources of a deployment by the digests of their keys. */
export function sourceFinder({ sources }: Pick<CdpConfig, 'sources'>): FindSource {
  const byHash = new Map(
    withKey(sources).map((source) => [source.writeKeyHash ?? sha256(source.writeKey ?? ''), source]),
  );
  return (writeKey) => byHash.get(sha256(writeKey));
}

/** A write key, or the reason why there is none. */
type ReadKey = { readonly ok: true; readonly writeKey: string } | { readonly ok: false; readonly message: string };

/** The places of a write key in a request, most trusted first. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly body?: unknown;
  readonly query?: string | undefined;
}

/**
 * Reads the write key from Basic authorization, or else from the body's `writeKey`, or else from the query's. An empty
 * key counts as none.
 */
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
