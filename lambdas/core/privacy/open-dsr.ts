import * as z from 'zod';
import { pathText } from '../values/field-name.ts';
import { isObject } from '../values/json.ts';
import { CallbackAddresses } from './callback.ts';
import { controllerId, expectedAt, statusOf } from './calling-back.ts';
import { type Filing, regulations, requestTypes, type StoredRequest } from './request.ts';

/** The version of OpenDSR whose forms these are. */
export const openDsrVersion = '2.0';

/** Our types of the identities of OpenDSR; other types are taken as they are, for example `phone` and your own. */
const typesOfIdentities: ReadonlyMap<string, string> = new Map([
  ['controller_customer_id', 'user_id'],
  ['android_advertising_id', 'android.idfa'],
  ['android_id', 'android.id'],
  ['ios_advertising_id', 'ios.idfa'],
  ['ios_vendor_id', 'ios.id'],
]);

const Identity = z.object(
  {
    identity_type: z.string({ error: 'must be a text, such as email' }).min(1),
    identity_value: z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' }),
    identity_format: z.literal('raw', {
      error: 'must be raw: the platform keeps keyed hashes of identifiers, which a hash of the value cannot find',
    }),
  },
  { error: 'must be an object with identity_type, identity_value and identity_format' },
);

const Time = z.iso.datetime({ offset: true, error: 'must be a time of RFC 3339, such as 2026-01-31T12:00:00Z' });

const Request = z.object(
  {
    subject_request_id: z.uuid({ version: 'v4', error: 'must be a UUID of version 4' }),
    subject_request_type: z.enum(requestTypes, { error: `must be one of ${requestTypes.join(', ')}` }),
    regulation: z.enum(regulations, { error: `must be one of ${regulations.join(', ')}` }),
    submitted_time: Time,
    subject_identities: z
      .array(Identity, { error: 'must be a list of identities' })
      .min(1, { error: 'must name at least one identity' })
      .max(100, { error: 'may name at most 100 identities' }),
    /** No field of OpenDSR. */
    purposes: z.array(z.string(), { error: 'must be a list of keys of purposes' }).max(100).optional(),
    /** No field of OpenDSR. */
    traits: z
      .custom<Record<string, unknown>>(isObject, { error: 'must be an object of right values by names of traits' })
      .optional(),
    status_callback_urls: CallbackAddresses.optional(),
  },
  { error: 'must be a JSON object' },
);

/** A request in OpenDSR's form, read: what is filed, and the person's identifiers as `type:value`. */
export type ReadRequest =
  | { readonly ok: true; readonly filing: Filing; readonly identifiers: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** Reads a request in OpenDSR's form. The problem names the field and quotes nothing. */
export function readOpenDsr(body: unknown): ReadRequest {
  const read = Request.safeParse(body);
  if (!read.success) {
    const [{ path, message } = { path: [], message: 'is not valid' }] = read.error.issues;
    return { ok: false, problem: `${pathText(path) || 'the body'} ${message}` };
  }
  const { subject_request_id, subject_request_type, regulation, submitted_time, subject_identities } = read.data;
  const { purposes, traits, status_callback_urls: callbacks } = read.data;
  const submittedAt = new Date(submitted_time).toISOString();
  return {
    ok: true,
    filing: {
      requestId: subject_request_id,
      type: subject_request_type,
      regulation,
      submittedAt,
      ...(purposes !== undefined && { purposes }),
      ...(traits !== undefined && { traits }),
      ...(callbacks !== undefined && { callbacks }),
    },
    identifiers: subject_identities.map(
      ({ identity_type: type, identity_value: value }) => `${typesOfIdentities.get(type) ?? type}:${value}`,
    ),
  };
}

/** The headers that say who sends a callback or an answer, without a signature. */
export const senderHeaders = (domain: string | undefined): Record<string, string> =>
  domain === undefined ? {} : { 'x-opendsr-processor-domain': domain };

/** What OpenDSR answers of a request, without a signature. */
export const openDsrStatus = (request: StoredRequest) => ({
  controller_id: controllerId,
  subject_request_id: request.requestId,
  subject_request_type: request.type,
  regulation: request.regulation,
  request_status: statusOf(request),
  received_time: request.receivedAt,
  expected_completion_time: expectedAt(request, statusOf(request)),
  api_version: openDsrVersion,
});
