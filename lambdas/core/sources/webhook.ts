import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { DefaultCountry } from './default-country.ts';
import { eventPattern } from './event-pattern.ts';
import { Signature } from './signature.ts';
import { Places } from './vendors/places.ts';
import { presetNames } from './vendors/preset-names.ts';
import { watched } from './watched.ts';

/** One event for the events of a vendor that `on` names, by Segment's mapping kit. */
export const Mapping = z.strictObject({
  /** The vendor's names of events, e.g. `customer.created`. A `*` at the end stands for any text. */
  on: z.array(eventPattern).min(1).default(['*']),
  /**
   * The event. Directives such as `{ '@path': '$.body.data.email' }` read what came: `type`, `name`, `id`, `time`,
   * `body` and what the preset adds.
   */
  to: z.record(z.string(), z.json()).refine(({ type }) => typeof type === 'string', {
    error: 'must have the type of a call, e.g. "track"',
    path: ['type'],
  }),
});
export type Mapping = z.infer<typeof Mapping>;

/** Signatures of many vendors, whose bodies have no form of their own. */
const generic: ReadonlySet<string> = new Set(['hmac', 'standard', 'svix']);

/** A vendor that posts to `/v1/sources/<id>` and signs what it posts. */
export const WebhookSource = z
  .strictObject({
    /** Name in the address, events, tables and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
    id: DeclaredId,
    /** A vendor that signs what it posts. */
    kind: z.literal('webhook'),
    /** Country of phone numbers without a country code, ISO 3166 alpha-2. */
    defaultCountry: DefaultCountry,
    /** Whether nothing is kept that names the address or the agent of a person's device. */
    clientAnonymous: ClientAnonymous,
    ...watched,
    /** How the vendor signs its requests. */
    signature: Signature,
    /** Ready mappings of a vendor's events. By default, those of the vendor of the signature, if there are any. */
    preset: z.enum([...presetNames, 'none']).optional(),
    /** Your own mappings. A preset gets only events that none of them names. */
    mappings: z.array(Mapping).default([]),
    /** The vendor's names of events that are not wanted; a `*` at the end stands for any text. */
    ignore: z.array(eventPattern).default([]),
    /** What happens to events that a vendor marks as a test's, such as those with `livemode: false`. */
    testEvents: z.enum(['drop', 'keep']).default('drop'),
    /** Where bodies hold their events; only for the signatures `hmac`, `standard` and `svix`. */
    places: Places.optional(),
    /**
     * Address of the API as the vendor has it, up to before `/v1/sources/`, e.g. `https://hooks.example.com`. HubSpot and
     * Twilio sign it. By default, the address that API Gateway was called by.
     */
    publicUrl: z
      .url({ protocol: /^https$/ })
      .regex(/^[^?#]*[^/?#]$/, { error: 'must end without "/", and hold no query' })
      .optional(),
  })
  .refine(({ signature, places }) => places === undefined || generic.has(signature.scheme), {
    error: 'counts only for the signatures hmac, standard and svix; the preset knows where others hold their events',
    path: ['places'],
  })
  .refine(({ preset, mappings }) => mappings.length > 0 || preset !== 'none', {
    error: 'must not be empty with the preset "none"',
    path: ['mappings'],
  })
  .refine(
    ({ signature, preset, mappings }) => mappings.length > 0 || preset !== undefined || signature.scheme !== 'hmac',
    {
      error: 'must not be empty: a declared signature has no preset of its own',
      path: ['mappings'],
    },
  );
export type WebhookSource = z.infer<typeof WebhookSource>;
