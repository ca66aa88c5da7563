import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';
import { ClientAnonymous } from './client-anonymous.ts';
import { ColumnName } from './column-name.ts';
import { DefaultCountry } from './default-country.ts';
import { Objects } from './objects.ts';
import { Schedule } from './schedule.ts';
import { watched } from './watched.ts';

const portOfPostgresql = 5432;
const portOfMysql = 3306;
const minutesOfWeek = 7 * 24 * 60;

/** How one object is read from a database. */
const DatabaseRead = z
  .strictObject({
    /** Table or view, with its schema if it has one, e.g. `sales.orders`. */
    table: z
      .string()
      .regex(/^[^.]{1,100}(\.[^.]{1,100})?$/, { error: 'must be a table, or schema.table' })
      .optional(),
    /** A SELECT in place of a table. */
    query: z
      .string()
      .regex(/^\s*select\b[^;]*$/i, { error: 'must be one SELECT without ";"' })
      .optional(),
    /** Column with the time of a row's last change. Reads then take what is new. Without one, each takes everything. */
    cursor: ColumnName.optional(),
    /** Minutes before the bound of a read that the next reads again, for stamps that applications make. */
    overlapMinutes: z.int().min(1).max(minutesOfWeek).default(10),
    /** Hours after which a read of records takes everything, so that deleted rows show. */
    fullEveryHours: z.int().min(1).max(8760).default(168),
    /** Column that says that a row is deleted: by a value that is neither empty, false nor 0. */
    deleted: ColumnName.optional(),
    /** Reads in parts side by side, each a range of a column of the key, which must hold integers. */
    partition: z
      .strictObject({
        /** The column. */
        column: ColumnName,
        /** Number of parts. */
        parts: z.int().min(2).max(100),
      })
      .optional(),
  })
  .refine(({ table, query }) => (table === undefined) !== (query === undefined), {
    error: 'give either table or query',
  });

const Declared = z.strictObject({
  /** Name in events, tables and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
  id: DeclaredId,
  /** Tables of a database that a job reads. */
  kind: z.literal('database'),
  /** Country of phone numbers without a country code, ISO 3166 alpha-2. */
  defaultCountry: DefaultCountry,
  /** Whether nothing is kept that names the address or the agent of a person's device. */
  clientAnonymous: ClientAnonymous,
  ...watched,
  /** What the server is. */
  engine: z.enum(['postgresql', 'mysql', 'mariadb']),
  /** Name or address of the server, without a port. By default, what the secret says, as RDS writes it there. */
  host: z
    .string()
    .max(255)
    .refine((host) => !/^jdbc:/i.test(host), {
      error:
        'must be the name of the server; the platform makes the address of JDBC, for by one that begins with ' +
        'jdbc:mariadb: Spark reads names of columns in place of values',
    })
    .regex(/^(jdbc:.*|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)$/i, {
      error: 'must be the name or the address of a server',
    })
    .optional(),
  /** By default, 5432 or 3306; without `host`, what the secret says. */
  port: z.int().min(1).max(65_535).optional(),
  /** Name of the database on the server. */
  database: z.string().regex(/^[\w-]{1,64}$/, { error: 'use letters, digits, "_" and "-"' }),
  /** Name or ARN of the secret in Secrets Manager with `username` and `password`, as RDS makes it; also `host`, `port`. */
  secret: z.string().regex(/^(arn:aws[\w-]*:secretsmanager:\S+|[\w/+=.@!-]{1,512})$/, {
    error: 'must be the name or the ARN of a secret',
  }),
  /** ARN of the key that encrypts the secret, if it is a key of your own. */
  secretKey: z
    .string()
    .regex(/^arn:aws[\w-]*:kms:\S+:key\/\S+$/, { error: 'must be the ARN of a key' })
    .optional(),
  /** `verify` checks the name of the server, `encrypt` does not, and `off` sends all in plain text. */
  tls: z.enum(['verify', 'encrypt', 'off']).default('verify'),
  /** Root certificate of the server, PEM. Java knows those of public authorities. Only for PostgreSQL. */
  certificate: z
    .string()
    .max(10_000)
    .regex(/^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n?$/, {
      error: 'must be one certificate, PEM',
    })
    .optional(),
  /** Where in a VPC the job runs. Without it, the database must have a public address. */
  connection: z
    .strictObject({
      /** Subnet, with a way to S3, Glue and Secrets Manager. */
      subnet: z.string().regex(/^subnet-\w+$/, { error: 'must be the id of a subnet' }),
      /** Availability zone of the subnet, e.g. `eu-central-1a`. */
      availabilityZone: z.string().min(1).max(40),
      /** Security groups that the database lets in; one of them must let itself in. */
      securityGroups: z
        .array(z.string().regex(/^sg-\w+$/, { error: 'must be the id of a security group' }))
        .min(1)
        .max(5),
    })
    .optional(),
  /** Time zone of columns without one, e.g. `Europe/Berlin`. Servers read names such as `CET` as they like. */
  timeZone: z
    .string()
    .regex(/^(UTC|[A-Za-z]+(\/[\w+-]{1,40}){1,2})$/, { error: 'must be "UTC", or a name such as "Europe/Berlin"' })
    .default('UTC'),
  /** Minutes after which the database ends a statement. */
  statementTimeoutMinutes: z.int().min(1).max(1440).default(60),
  /** Rows that the driver fetches at a time. */
  fetchSize: z.int().min(1).max(100_000).default(5_000),
  /**
   * Minutes that no transaction lasts, the delay of a replica included. With it, the database is not asked for open
   * transactions, which takes a right that not everybody grants, and which a replica cannot tell.
   */
  longestTransactionMinutes: z.int().min(1).max(minutesOfWeek).optional(),
  /** Another version of the driver than Glue's, e.g. `s3://my-jars/postgresql-42.7.7.jar`. */
  driverJar: z
    .string()
    .regex(/^s3:\/\/[a-z0-9.-]{3,63}\/[\w./-]+\.jar$/, { error: 'must be the address of a jar in S3' })
    .optional(),
  /** When the job starts: a cron expression of Glue, UTC; `none` leaves it to `npm run source -- pull`. */
  schedule: Schedule,
  /** What the rows are. Each needs a key. */
  objects: Objects,
  /** How each object is read, by its name. */
  reads: z.record(z.string(), DatabaseRead),
});
type Declared = z.infer<typeof Declared>;

/** A database whose tables a job reads by a schedule. */
export const DatabaseSource = Declared.superRefine((source, check) => {
  for (const { path, message } of flawsOf(source)) check.addIssue({ code: 'custom', path: [...path], message });
}).transform((source) => ({
  ...source,
  port: source.port ?? (source.engine === 'postgresql' ? portOfPostgresql : portOfMysql),
}));
export type DatabaseSource = z.infer<typeof DatabaseSource>;

interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function flawsOf({ objects, reads, certificate, engine, tls }: Declared): Flaw[] {
  const declared = new Map(objects.map((object) => [object.object, object]));
  const unread = objects.flatMap(({ object, key }, n): Flaw[] => [
    ...(Object.hasOwn(reads, object)
      ? []
      : [{ path: ['objects', n], message: `reads.${object} must say how it is read` }]),
    ...(key.length > 0 ? [] : [{ path: ['objects', n, 'key'], message: 'must name a row of a database' }]),
  ]);
  const strange = Object.entries(reads).flatMap(([name, { partition }]): Flaw[] => {
    const object = declared.get(name);
    if (object === undefined) return [{ path: ['reads', name], message: 'no object of the source has this name' }];
    return partition === undefined || object.key.includes(partition.column)
      ? []
      : [{ path: ['reads', name, 'partition', 'column'], message: 'must be a column of the key, which never changes' }];
  });
  const useless =
    certificate === undefined || (engine === 'postgresql' && tls === 'verify')
      ? []
      : [{ path: ['certificate'], message: 'counts only for PostgreSQL with tls "verify"' }];
  return [...unread, ...strange, ...useless];
}
