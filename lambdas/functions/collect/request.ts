import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import type { EventType } from '../../core/events/event.ts';
import { type Refusal, readSubmission, type Submission } from '../../core/events/submission.ts';
import type { SourceWithKey } from '../../core/sources/definition.ts';
import { readBody } from './body/read-body.ts';
import { type Credentials, type FindSource, readWriteKey } from './write-key.ts';

/** A request that is read, except for its events. */
type Request =
  | {
      readonly kind: 'ready';
      readonly source: SourceWithKey;
      readonly submission: Submission;
      readonly damaged: boolean;
    }
  /** `body` is the parsed body, or its text. `source` is absent when no key could be read. */
  | { readonly kind: 'refused'; readonly source?: SourceWithKey; readonly refusal: Refusal; readonly body: unknown }
  | { readonly kind: 'unauthorized'; readonly message: string };

/** Reads the sender and the body of a request. A key in the header is checked before the body is read. */
export function readRequest(event: GatewayRequest, call: EventType | 'batch', findSource: FindSource): Request {
  const { authorization } = event.headers;
  const early = authenticate({ authorization }, findSource);
  if (early.kind === 'wrong') return { kind: 'unauthorized', message: early.message };
  const body = readBody(event);
  const query = event.rawQueryString;
  if (!body.ok) {
    const sender = authenticate({ authorization, body: body.sent, query }, findSource);
    return {
      kind: 'refused',
      refusal: body.refusal,
      body: body.sent,
      ...(sender.kind === 'known' && { source: sender.source }),
    };
  }
  const caller = early.kind === 'known' ? early : authenticate({ authorization, body: body.value, query }, findSource);
  if (caller.kind !== 'known') return { kind: 'unauthorized', message: caller.message };
  const read = readSubmission(body.value, call);
  if (!read.ok) return { kind: 'refused', source: caller.source, refusal: read.refusal, body: body.value };
  return { kind: 'ready', source: caller.source, submission: read.submission, damaged: body.damaged };
}

/** The sender of a request: a known source, somebody with a wrong key, or somebody without a key. */
type Caller =
  | { readonly kind: 'known'; readonly source: SourceWithKey }
  | { readonly kind: 'wrong' | 'missing'; readonly message: string };

/** Finds the sender of a request by its write key. */
export function authenticate(credentials: Credentials, findSource: FindSource): Caller {
  const read = readWriteKey(credentials);
  if (!read.ok) return { kind: 'missing', message: read.message };
  const source = findSource(read.writeKey);
  return source === undefined ? { kind: 'wrong', message: 'no source has this write key' } : { kind: 'known', source };
}
