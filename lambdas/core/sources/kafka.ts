import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { DefaultCountry } from './default-country.ts';
import { Envelope } from './envelope.ts';
import { EventRows, uniquelyNamed, WrappedRecordRows } from './objects.ts';
import { watched } from './watched.ts';

const address = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,255}:\d{1,5}$/, { error: 'use host:port, such as broker-1.example.com:9096' });

const idOf = (kind: string, word: string) =>
  z
    .string()
    .regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), { error: `use the id of a ${word}, such as ${kind}-0a1b2c3d` });

/** Where brokers are that only a VPC reaches. */
const Network = z.strictObject({
  /** Subnets from which Lambda connects, with a way to Secrets Manager and to Lambda itself. */
  subnets: z.array(idOf('subnet', 'subnet')).min(1).max(16),
  /** Security groups that the brokers let in. */
  securityGroups: z.array(idOf('sg', 'security group')).min(1).max(5),
});

/** A cluster of MSK in this account and region; Lambda finds its brokers and its network. */
const Cluster = z.strictObject({
  /** A cluster of MSK in this account and region. */
  kind: z.literal('msk'),
  /** ARN of the cluster. */
  cluster: z.string().regex(/^arn:[\w-]+:kafka:[\w-]+:\d{12}:cluster\/[\w-]+\/[\w-]+$/, {
    error: 'use the ARN of a cluster, arn:aws:kafka:<region>:<account>:cluster/<name>/<id>',
  }),
  /** How Lambda signs in: as the role of the function, or not at all. */
  signIn: z.enum(['iam', 'none']).default('iam'),
});

/** Brokers of your own. */
const Brokers = z.strictObject({
  /** Brokers of your own. */
  kind: z.literal('brokers'),
  /** First brokers to ask, `host:port` each. */
  brokers: z.array(address).min(1).max(10),
  /**
   * How Lambda signs in. All but `none` use TLS, and the secret of the source has `username` and `password`, or
   * `certificate` and `privateKey` (PEM) for `certificate`. `none` connects without TLS, so it needs a `network`.
   */
  signIn: z.enum(['scram-512', 'scram-256', 'plain', 'certificate', 'none']).default('scram-512'),
  /** Whether an authority of your own signed the brokers' certificates: then another secret has its `certificate`. */
  ownAuthority: z.boolean().default(false),
  /** By default, the brokers are reached over the internet. */
  network: Network.optional(),
});

const ofTopic = {
  /** Name of the topic. */
  topic: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, { error: 'use letters, digits, ".", "_" and "-"' }),
  /** Where the first deployment begins to read: at the oldest record, or with those to come. */
  startAt: z.enum(['oldest', 'newest']).default('oldest'),
};

/** A topic of events, or of changes of a table. */
const TopicRows = z.discriminatedUnion('rows', [
  EventRows.extend(ofTopic),
  WrappedRecordRows.extend({
    ...ofTopic,
    /** How a tool that follows a database's log wraps the rows. Of two changes the later one in the log counts. */
    envelope: Envelope,
  }),
]);

/**
 * Topics of Kafka. A record is a JSON object; what is none goes to quarantine. Its offset is committed after the stream
 * has its events, or the lake has its rows. Without a column of `time`, a record's own timestamp counts.
 */
export const KafkaSource = z
  .strictObject({
    /** Name in events, tables and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
    id: DeclaredId,
    /** Topics of Kafka. */
    kind: z.literal('kafka'),
    /** Country of phone numbers without a country code, ISO 3166 alpha-2. */
    defaultCountry: DefaultCountry,
    /** Whether nothing is kept that names the address or the agent of a person's device. */
    clientAnonymous: ClientAnonymous,
    ...watched,
    /** A cluster of MSK, or brokers of your own. */
    connection: z.discriminatedUnion('kind', [Cluster, Brokers]),
    /** What the records of each topic are. */
    objects: uniquelyNamed(TopicRows),
  })
  .refine(({ objects }) => new Set(objects.map(({ topic }) => topic)).size === objects.length, {
    error: 'must name each topic once',
    path: ['objects'],
  })
  .refine(
    ({ connection }) => connection.kind === 'msk' || connection.signIn !== 'none' || connection.network !== undefined,
    {
      error: 'must have a network, because nobody signs in, and nothing is encrypted',
      path: ['connection', 'network'],
    },
  );
export type KafkaSource = z.infer<typeof KafkaSource>;
