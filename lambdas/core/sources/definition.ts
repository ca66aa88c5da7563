import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { got } from '../values/got.ts';
import { isObject } from '../values/json.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { DatabaseSource } from './database.ts';
import { DefaultCountry } from './default-country.ts';
import { FilesSource } from './files.ts';
import { KafkaSource } from './kafka.ts';
import { PullSource } from './pull.ts';
import { QuerySource } from './query.ts';
import { watched } from './watched.ts';
import { WebhookSource } from './webhook.ts';

/** A write key as text, or as SHA-256 to keep the secret out of code. */
const WriteKey = {
  /** Write key as text: 8 to 100 ASCII characters without space, `:` and `/`. For browsers, whose keys are public. */
  writeKey: z
    .string()
    .min(8)
    .max(100)
    // A colon ends a name in Basic authorization, a slash ends a path segment, and browsers encode no other letters.
    .regex(/^[!-.0-9;-~]+$/, { error: 'use letters, digits and signs of ASCII, but no space, ":" or "/"' })
    .optional(),
  /** SHA-256 of the write key, 64 hexadecimal digits. Give exactly one of `writeKey` and `writeKeyHash`. */
  writeKeyHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
};

/** A sender of Segment-spec calls, and the key that identifies it. */
const SourceWithKey = z
  .strictObject({
    /** Name in events, tables and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
    id: DeclaredId,
    /**
     * Kind of client. `browser` and `server` are SDKs, whose calls need `userId` or `anonymousId`; a call of `batch` may
     * have any identifier. Only events of a `browser` get the IP address of the request.
     */
    kind: z.enum(['browser', 'server', 'batch']),
    /** Country of phone numbers without a country code, ISO 3166 alpha-2. */
    defaultCountry: DefaultCountry,
    /** Whether nothing is kept that names the address or the agent of a person's device. */
    clientAnonymous: ClientAnonymous,
    ...watched,
    /** Number of proxies of your own before the API that append to `X-Forwarded-For`. With 0, the header is ignored. */
    trustedProxies: z.int().min(0).max(10).default(0),
    ...WriteKey,
  })
  .refine((source) => (source.writeKey === undefined) !== (source.writeKeyHash === undefined), {
    error: 'give either writeKey or writeKeyHash',
    path: ['writeKey'],
  });
export type SourceWithKey = z.infer<typeof SourceWithKey>;

const kinds = [
  SourceWithKey,
  WebhookSource,
  FilesSource,
  PullSource,
  KafkaSource,
  DatabaseSource,
  QuerySource,
] as const;

/** Where events come from. Each kind has its own proof of who sends: a write key, a signature, or rights in AWS. */
export const Source = z.discriminatedUnion('kind', kinds, {
  error: ({ input }) =>
    isObject(input)
      ? `expected one of ${kindNames.map((kind) => `"${kind}"`).join(', ')}; ${got(input.kind)}`
      : `must be an object; ${got(input)}`,
});
export type Source = z.infer<typeof Source>;

const kindNames = kinds.flatMap((source) => {
  const { kind } = 'shape' in source ? source.shape : source.in.shape;
  return 'options' in kind ? kind.options : [...kind.values];
});

/** The sources that have a write key. */
export const withKey = (sources: readonly Source[]): SourceWithKey[] =>
  sources.filter((source): source is SourceWithKey => 'trustedProxies' in source);

/** The sources that sign what they post. */
export const webhooksIn = (sources: readonly Source[]): WebhookSource[] =>
  sources.filter((source): source is WebhookSource => source.kind === 'webhook');

/** A source of rows, which somebody brings or which a job fetches. */
export type SourceOfRows = Extract<Source, { readonly objects: unknown }>;

/** Whether a source has rows. */
export const isWithRows = (source: Source): source is SourceOfRows => 'objects' in source;

/** The sources of rows. */
export const withRows = (sources: readonly Source[]): SourceOfRows[] => sources.filter(isWithRows);

/** Whether the deletion of a record asks to erase a person. */
export const erasesPeople = (sources: readonly Source[]): boolean =>
  withRows(sources).some(({ objects }) =>
    objects.some((declared) => declared.rows === 'records' && declared.deletes === 'erase'),
  );
