import * as z from 'zod';

/** Most seconds between the time that a vendor signed and the platform's, in both directions. */
const tolerance = z.int().min(10).max(86_400);

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, { error: 'use letters, digits and "-"' });

/** Places for the parts of a request in a signed text. */
const signedText = z
  .string()
  .max(200)
  .regex(/^(?:[^{}]|\{(?:body|timestamp|id|url|method)\})*$/, {
    error: 'use {body}, {timestamp}, {id}, {url} and {method}, and signs between them',
  })
  .refine((text) => text.includes('{body}'), { error: 'must hold {body}, or anybody could change it' });

/** A signature of a vendor that is in no list: an HMAC in a header, over parts of the request. */
const DeclaredHmac = z
  .strictObject({
    /** Any other vendor that signs by an HMAC. */
    scheme: z.literal('hmac'),
    /** Header with the signature. */
    header: headerName,
    /** Text before the signature in its header, e.g. `sha256=`. */
    prefix: z.string().max(40).default(''),
    algorithm: z.enum(['sha256', 'sha512', 'sha1']).default('sha256'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    /** What is signed, e.g. `{timestamp}.{body}`. */
    signed: signedText.default('{body}'),
    /** Header with the time of the signature, in seconds or milliseconds since 1970. */
    timestampHeader: headerName.optional(),
    /** Header with the id of the event. It counts as the event's id if `signed` holds it. */
    idHeader: headerName.optional(),
    /** Most seconds between the time in `timestampHeader` and the platform's. By default, 300. */
    toleranceSeconds: tolerance.default(300),
  })
  .refine(({ signed, timestampHeader }) => signed.includes('{timestamp}') === (timestampHeader !== undefined), {
    error: 'must be there if signed holds {timestamp}, and only then',
    path: ['timestampHeader'],
  })
  .refine(({ signed, idHeader }) => !signed.includes('{id}') || idHeader !== undefined, {
    error: 'must be there because signed holds {id}',
    path: ['idHeader'],
  });
export type DeclaredHmac = z.infer<typeof DeclaredHmac>;

/** How the requests of a vendor are signed. */
export const Signature = z.discriminatedUnion('scheme', [
  z.strictObject({
    /** Vendors that sign a time. */
    scheme: z.enum(['stripe', 'hubspot', 'standard', 'svix']),
    /** Most seconds between the signed time and the platform's. By default, 300, as the vendors have it. */
    toleranceSeconds: tolerance.default(300),
  }),
  z.strictObject({
    /** Vendors that sign no time. */
    scheme: z.enum(['shopify', 'github', 'meta', 'twilio']),
  }),
  z.strictObject({
    /** Signs by a key pair, and a time that it may have signed days ago. */
    scheme: z.literal('sendgrid'),
    /** Most seconds between the signed time and the platform's. By default, any time counts. */
    toleranceSeconds: tolerance.optional(),
  }),
  DeclaredHmac,
]);
export type Signature = z.infer<typeof Signature>;
