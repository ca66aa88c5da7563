import { describe, expect, it } from 'vitest';
import { newProfileId } from '../../lambdas/adapters/dynamodb/profile-id.ts';
import type { Identifier } from '../../lambdas/core/identifiers/identifier.ts';
import type { Founder } from '../../lambdas/core/profile/new-profile-id.ts';
import type { Collection } from '../../lambdas/core/profile/profile.ts';
import { ascending } from '../../lambdas/core/values/order.ts';
import { foundingEntries } from '../../lambdas/operations/founding-rows.ts';
import {
  entryIn,
  type Linking,
  type LogEntry,
  readIdentityLog,
  rebuiltProfileId,
} from '../../lambdas/operations/rebuilt-id.ts';
import { minute } from '../fixtures/events.ts';
import { sharedCases } from '../fixtures/shared-rules.ts';

type Entries = AsyncGenerator<(LogEntry | undefined)[]>;

async function* log(...objects: readonly object[][]): Entries {
  for (const entries of objects) yield entries.map((entry) => entryIn(JSON.stringify(entry)));
}
/** As a query of the table gives them: in the order of their columns, and not of the log. */
async function* table(entries: readonly Row[]): Entries {
  const rows = entries.map(({ kind, profileId, identifier, messageId, founds, at }) => [
    ...[kind, profileId, identifier, messageId],
    ...[founds === undefined ? null : String(founds), `${at.replace('T', ' ').replace('Z', '')}000 UTC`],
  ]);
  yield foundingEntries(rows.sort((a, b) => ascending(a.slice(1, 3).join(), b.slice(1, 3).join())));
}
interface Row {
  readonly kind: string;
  readonly profileId: string;
  readonly identifier: string;
  readonly messageId: string;
  readonly founds?: boolean;
  readonly at: string;
}
const trust = ['user_id:', 'email:', 'group_id:', 'anonymous_id:'];
const placeOf = (id: Identifier) => trust.findIndex((type) => id.startsWith(type));
const linking: Linking = {
  isErased: (id) => id === erased,
  isUsable: (id) => id !== 'anonymous_id:blocked',
  inTrust: (a, b) => placeOf(a) - placeOf(b),
};
const [person, other, third] = [
  newProfileId(minute(1), 'users'),
  newProfileId(minute(1), 'users'),
  newProfileId(minute(2), 'users'),
];
const account = newProfileId(minute(1), 'accounts');
const erased = newProfileId(minute(0), 'users');
const link = (
  profileId: string,
  identifier: Identifier,
  messageId: string,
  more: Partial<Row> = { founds: true },
): Row => ({ kind: 'link', profileId, identifier, messageId, at: minute(1), ...more });
const founder = (...identifiers: Identifier[]): Founder => ({ identifiers, refused: 0 });
const refused = (...identifiers: Identifier[]): Founder => ({ identifiers, refused: 1 });

it.each(
  [
    [person, other],
    [other, person],
  ].map(([gone = '', made = '']) => ({ gone, made, first: gone === person ? 'one' : 'the other' })),
)('finds of two profiles that were made for one event the later one in files, $first first', async ({ gone, made }) => {
  const entries = [link(gone, 'user_id:ann', 'm1'), link(made, 'user_id:ann', 'm1')];
  for (const objects of [[entries], entries.map((entry) => [entry]), [entries, entries]])
    expect([...(await readIdentityLog(log(...objects), linking)).ids]).toEqual([['users user_id:ann', made]]);
});

it.each([
  {
    name: 'by what its links say, whatever else was linked in that millisecond, under one message id or another',
    entries: [
      link(person, 'email:ann@x.org', 'm1'),
      link(person, 'anonymous_id:kiosk', 'm1'),
      link(person, 'email:bob@x.org', 'm2', {}),
      link(other, 'email:cy@x.org', 'm1'),
    ],
    known: [
      ['users email:ann@x.org', person],
      ['users email:cy@x.org', other],
    ],
  },
  {
    name: 'of links that do not say it by those of the first message of the millisecond',
    entries: [
      link(person, 'user_id:ann', 'm1', {}),
      link(person, 'user_id:bob', 'm2', {}),
      link(account, 'group_id:acme', 'm1', {}),
      link(person, 'email:ann@x.org', 'm3', { at: minute(3) }),
    ],
    known: [
      ['accounts group_id:acme', account],
      ['users user_id:ann', person],
    ],
  },
  {
    name: 'and leaves out who was erased',
    entries: [link(erased, 'anonymous_id:b', 'm1'), link(person, 'anonymous_id:b', 'm2')],
    known: [['users anonymous_id:b', person]],
  },
  {
    name: 'by the next identifier where the first is blocked by now',
    entries: [link(person, 'anonymous_id:blocked', 'm1'), link(person, 'anonymous_id:b', 'm1')],
    known: [['users anonymous_id:b', person]],
  },
  {
    name: 'by the next identifier where the first was given to a later profile',
    entries: [
      link(person, 'email:a@x.org', 'm1'),
      link(person, 'anonymous_id:b', 'm1'),
      {
        kind: 'unmerge',
        profileId: third,
        apart: person,
        identifier: 'email:a@x.org',
        messageId: 'operator',
        at: minute(2),
      },
    ],
    known: [
      ['users anonymous_id:b', person],
      ['users email:a@x.org', third],
    ],
  },
])('finds in the identity log what a profile was made for: $name', async ({ entries, known }) => {
  const inFiles = [[entries], entries.map((entry) => [entry]), [entries, entries]].map((objects) => log(...objects));
  for (const parts of [...inFiles, table(entries)])
    expect([...(await readIdentityLog(parts, linking)).ids].sort()).toEqual(known);
});

it('counts what operators unmerged', async () => {
  const unmerges = ['a', 'b'].map((apart) => ({
    kind: 'unmerge',
    profileId: person,
    apart,
    messageId: 'operator-1',
    at: minute(9),
  }));
  expect((await readIdentityLog(log(unmerges), linking)).unmerges).toBe(1);
});

it('passes over lines that are no entry, and counts them', async () => {
  async function* lines(): Entries {
    yield [
      '{"kind":"unmerge","messageId":"operator-1"}',
      '{"kind":',
      'null',
      '7',
      '{"kind":"unmerge","messageId":"operator-2"}',
    ].map(entryIn);
  }
  const { unmerges, unreadable } = await readIdentityLog(lines(), linking);
  expect([unmerges, unreadable]).toEqual([2, 1]);
});

it('gives the id of the oldest that was made for one of the identifiers, unless somebody has it', () => {
  const idOf = rebuiltProfileId(
    new Map([
      ['users user_id:a', other],
      ['users email:a@x.org', third],
    ]),
  );
  const [oldest] = [other, third].sort();
  expect(idOf(minute(1), 'users', 'm', founder('user_id:a', 'email:a@x.org'))).toBe(oldest);
  expect(idOf(minute(1), 'users', 'm', refused('user_id:a'))).toMatch(/^per_[0-9a-f]{32}$/);
  expect([other, third]).not.toContain(idOf(minute(1), 'users', 'm', refused('user_id:a')));
  expect(idOf(minute(1), 'accounts', 'm', founder('user_id:a'))).toMatch(/^acc_[0-9a-f]{32}$/);
});

it('makes ids as the stream does, another for each founder, and for the same always the same', () => {
  const idOf = rebuiltProfileId(new Map());
  const id = idOf(minute(1), 'users', 'm', founder('user_id:a'));
  expect(id.slice(0, 16)).toBe(newProfileId(minute(1), 'users').slice(0, 16));
  expect(id).toMatch(/^per_[0-9a-f]{32}$/);
  expect(idOf(minute(1), 'users', 'm', founder('user_id:a'))).toBe(id);
  const others = [founder('user_id:b'), founder('email:a@x.org')].map((each) => idOf(minute(1), 'users', 'm', each));
  expect(new Set([id, ...others, idOf(minute(1), 'users', 'm', refused('user_id:a'))]).size).toBe(4);
});

describe.each([
  { name: 'new', idOf: newProfileId },
  { name: 'rebuilt', idOf: rebuiltProfileId(new Map()) },
])('a $name id', ({ idOf }) => {
  it.each(sharedCases<{ createdAt: string; collection: Collection }, string>('identity/profile-ids'))(
    '$name',
    ({ input, expected }) =>
      expect(idOf(input.createdAt, input.collection, 'm', { identifiers: ['user_id:u'], refused: 0 })).toMatch(
        new RegExp(`^${expected}[0-9a-f]{20}$`),
      ),
  );
});
