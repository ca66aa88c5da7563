import * as z from 'zod';
import { DeclaredId } from './declared-id.ts';

/** How a write key is given: in the clear (browser keys are public anyway), or as its SHA-256 in hex so that no secret is in code. */
const WriteKey = {
  writeKey: z
    .string()
    .min(8)
    .max(100)
    // Basic authorization ends a name at the colon, a path a part at the slash, and browsers encode no other letters.
    .regex(/^[!-.0-9;-~]+$/, { error: 'use letters, digits and signs of ASCII, but no space, ":" or "/"' })
    .optional(),
  writeKeyHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
};

/** Where events come from, and by which key it is known. */
export const Source = z
  .strictObject({
    id: DeclaredId,
    kind: z.enum(['browser', 'server', 'batch']),
    /** ISO 3166 country assumed for phone numbers without a country code. */
    defaultCountry: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    /** Proxies of one's own between clients and the API, each of which appends to `X-Forwarded-For` whom it saw; with none, that header is not believed. */
    trustedProxies: z.int().min(0).max(10).default(0),
    ...WriteKey,
  })
  .refine((source) => (source.writeKey === undefined) !== (source.writeKeyHash === undefined), {
    error: 'give either writeKey or writeKeyHash',
    path: ['writeKey'],
  });
export type Source = z.infer<typeof Source>;
