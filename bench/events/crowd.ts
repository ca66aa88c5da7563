import { type IdentifierKey, identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { OwnerMemory } from '../../lambdas/adapters/dynamodb/owner-memory.ts';
import { packItem, unpackItem } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Identifier } from '../../lambdas/core/identifiers/identifier.ts';
import { createHandler } from '../../lambdas/functions/stitch/handler.ts';
import type { Random } from '../../local/demo/shop/random.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import { kinesisEvent, recordOf } from '../../test/fakes/kinesis.ts';
import { MemoryDynamoDb, tight } from '../../test/fakes/memory-dynamodb.ts';
import { keyOf as keyTextOf } from '../../test/fakes/memory-store.ts';
import { everyAggregate } from './every-aggregate.ts';
import { type SampleCall, sampleCall } from './sample-events.ts';

/** What everyone in a crowd is like. */
export interface Person {
  /** Anonymous ids besides the user id and the email address. */
  readonly devices: number;
  readonly traits: number;
  /** Events of the last 24 hours, each of which a profile remembers by a mark. */
  readonly recentEvents: number;
}

/** A day of a shop's customer: two devices, ten traits, sixty events. */
export const usualPerson: Person = { devices: 2, traits: 10, recentEvents: 60 };

const dayBefore = 23 * 3_600_000;

/** Time of the first event that is measured; what a profile holds already is older. */
export const now = Date.UTC(2026, 10, 23, 12);

const tableName = 'profiles';

/** Seven digits that stand for a person wherever that person is named. */
const digits = (n: number): string => String(9_000_000 + n);
export const userId = (n: number): string => `user-${digits(n)}`;
export const deviceId = (n: number, device: number): string => `device-${digits(n)}-${device}`;
const profileId = (n: number): string => `per_0199aa17c400${digits(n)}00000000`;

/** A table full of people who differ in nothing but their names: the real handler makes one, the others are copies. */
export async function crowdOf(
  size: number,
  person: Person,
  config: CdpConfig,
  random: Random,
): Promise<MemoryDynamoDb> {
  const table = new MemoryDynamoDb();
  const names = new Map<string, Identifier>();
  const key = identifierKey(secret);
  const remembered: IdentifierKey = (id) => {
    names.set(`identifier#${key(id)}`, id);
    return key(id);
  };
  const stitch = stitchInto(table, config, remembered);
  const [account = [], ...since] = inBatches(history(person, random), 20);
  // What a first write alone carries, its changes and decisions, is gone after a second one.
  for (const events of [account.slice(0, 1), account.slice(1), ...since])
    await stitch(kinesisEvent([recordOf(events)]));
  const rows = table.rows(tableName);
  const [...originals] = rows.values();
  for (let n = 1; n < size; n += 1) for (const row of originals) copy(row, n, rows, names);
  table.forgets = true;
  return table;
}

function copy(original: Item, n: number, rows: Map<string, Item>, names: ReadonlyMap<string, Identifier>): void {
  const rename = (text: string): string => text.replaceAll(digits(0), digits(n));
  const row = Object.fromEntries(
    Object.entries(unpackItem(original)).map(([name, value]) => [
      name,
      typeof value === 'string' ? rename(value) : value,
    ]),
  );
  const id = names.get(String(original.pk));
  if (id !== undefined) row.pk = `identifier#${keyOf(rename(id) as Identifier)}`;
  rows.set(keyTextOf(row), tight(packItem(row)));
}

const secret = 'a secret of sixty-four characters, as Secrets Manager makes them';
const keyOf = identifierKey(secret);

/** The stitch handler over the real table adapter, and tables in memory. */
export const stitchInto = (table: MemoryDynamoDb, config: CdpConfig, key: IdentifierKey = keyOf) => {
  const { load, write, release } = profileTable(table.client, tableName, key, async () => {}).remembering(
    new OwnerMemory(),
  );
  return createHandler({
    config,
    registry: everyAggregate(config),
    load,
    write,
    release,
    quarantine: async () => ({ ok: false, reason: 'failed', error: 'nothing here belongs in quarantine' }),
    append: async () => ({ ok: false, reason: 'failed', error: 'nothing here passes a cap' }),
    newProfileId: () => profileId(0),
    pause: async () => {},
    count: () => {},
    countSuppressed: () => {},
    warn: () => {},
  });
};

function history({ devices, traits, recentEvents }: Person, random: Random): object[] {
  const traitValues = Object.fromEntries(
    Array.from({ length: traits - 3 }, (_, n) => [`trait_${n}`, `what is known ${n}`]),
  );
  const account = {
    type: 'identify',
    traits: { email: `${userId(0)}@example.com`, newsletter: true, lifetime_value: 120, ...traitValues },
  } as const;
  const count = Math.max(recentEvents, devices);
  return Array.from({ length: count }, (_, n) =>
    stamped(
      sampleCall(random, {
        userId: userId(0),
        anonymousId: deviceId(0, n % devices),
        at: now - Math.floor((dayBefore * (count - n)) / count),
        bytes: 1000 + 60 * traits,
        ...(n === 0 && account),
      }),
    ),
  );
}

/** An event as collect puts it on the stream. */
export const stamped = (call: SampleCall): Record<string, unknown> => ({
  ...call,
  originalTimestamp: call.timestamp,
  receivedAt: String(call.timestamp),
  sourceId: 'web',
});

export const inBatches = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, n) => values.slice(n * size, (n + 1) * size));
