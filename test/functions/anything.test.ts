import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import { readJson } from '../../lambdas/core/values/json.ts';
import { configOf } from '../fixtures/events.ts';
import { journey } from '../fixtures/in-memory/journey.ts';
import { accounts, users } from '../fixtures/in-memory/profile-api.ts';
import { numRuns } from '../fixtures/laws.ts';

const texts = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'length',
    'then',
    'toJSON',
    '',
    ' ',
    '\u0000',
    '|',
    '%',
    'a.b',
    'users',
    'none',
    'email',
    'ios',
    '\ud800',
  ],
  ...[
    'user_id',
    'group_id',
    'a@x.example',
    '+12015550123',
    'null',
    'true',
    'NaN',
    '2026-02-30',
    '2031-01-01',
    'https://x.example/?q',
    'x'.repeat(600),
  ],
].map((text) => JSON.stringify(text));
const values = [
  'null',
  'true',
  '0',
  '-0',
  '1e400',
  '1e21',
  '9007199254740993',
  '12.50',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '7',
  '1795435200',
];
const leaf = fc.oneof(
  fc.constantFrom(...texts),
  fc.constantFrom(...values),
  fc.string({ unit: 'binary', maxLength: 9 }).map((text) => JSON.stringify(text)),
);

const fields = [
  'id',
  'type',
  'email',
  'phone',
  'name',
  'source',
  'referrer',
  'categoryPreferences',
  'traits',
  'advertisingId',
  'direct',
  'ip',
];
const name = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...fields.map((field) => `"${field}"`), ...texts.slice(1)) },
  fc.constant('"__proto__"'),
);
const object = (members: readonly (readonly [string, string])[]): string =>
  `{${members.map((member) => member.join(':')).join(',')}}`;
const tree = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }).map((items) => `[${items}]`),
    fc.array(fc.tuple(name, tie('tree')), { maxLength: 4 }).map(object),
  ),
})).tree;

const externalId = fc.record({
  '"id"': leaf,
  '"type"': fc.oneof(leaf, fc.constantFrom('"crm"', '"group_id"', '"constructor"')),
  '"collection"': fc.oneof(leaf, fc.constantFrom('"users"', '"accounts"')),
  '"encoding"': fc.oneof(leaf, fc.constant('"none"')),
});
const context = fc.record({
  '"externalIds"': fc
    .array(externalId, { maxLength: 3 })
    .map((ids) => `[${ids.map((id) => object(Object.entries(id)))}]`),
  '"consent"': tree.map((stated) => `{"categoryPreferences":${stated}}`),
  ...{ '"traits"': tree, '"device"': tree, '"campaign"': tree, '"page"': tree },
});
const given = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      'userId',
      'anonymousId',
      'groupId',
      'previousId',
      'messageId',
      'timestamp',
      'originalTimestamp',
      'sentAt',
      'name',
    ),
    leaf,
  ),
  fc.tuple(fc.constantFrom('traits', 'properties', 'context', 'integrations', 'extra'), tree),
  context.map((all) => ['context', object(Object.entries(all))] as const),
  tree.map((all) => ['traits', `{"list":${all},"email":${all},"a":{"b":${all}}}`] as const),
);
const event = fc
  .tuple(
    fc.constantFrom('track', 'identify', 'page', 'group', 'alias'),
    fc.constantFrom('u1', 'u2'),
    fc.array(given, { maxLength: 5 }),
  )
  .map(([type, user, more]) =>
    object([
      ['"type"', `"${type}"`],
      ['"event"', '"E"'],
      ['"userId"', `"${user}"`],
      ...more.map(([key, value]) => [`"${key}"`, value] as const),
    ]),
  );

const rules = configOf({
  sources: [{ id: 'backend', kind: 'server', writeKey: 'a-write-key' }],
  identity: {
    identifiers: ['traits.list', 'traits.a.b', 'context.traits.constructor'].map((path, n) => ({
      type: ['loyalty_id', 'group_id', 'constructor'][n],
      path,
    })),
    limits: { user_id: { max: 1 }, email: { max: 1, window: 'weekly' }, constructor: { max: 1 } },
    blocked: { crm: { values: ['7'], patterns: ['^x+$'] } },
    caps: { identifiers: 6, merges: 2 },
  },
  segments: [
    {
      key: 'any',
      name: 'Any',
      where: {
        any: [
          { trait: 'list', operator: 'contains', value: 'x' },
          { trait: 'email', operator: 'atLeast', value: 1 },
        ],
      },
    },
  ],
});

const isMine = (reason: unknown): boolean => /^(?:names nobody|cap of|breaker)/.test(String(reason));
const views = ['traits?verbose=true', 'events', 'external_ids', 'segments', 'metadata?verbose=true'];

/** Asks the profile API for all that it shows of a profile. */
async function shown(
  { get }: Awaited<ReturnType<typeof journey>>,
  { collection, profileId }: Profile,
): Promise<number[]> {
  const at = `${collection === 'users' ? users : accounts}/profile_id:${encodeURIComponent(profileId)}`;
  return Promise.all(views.map(async (view) => (await get(`${at}/${view}`)).status));
}

it('whatever clients send, each event is in one place: refused with its reason, put aside by a rule, or in a profile that can be read', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(undefined, rules),
      async (batch, config) => {
        const gone = await journey(batch, config);
        const lines = gone.raw.split('\n').filter((line) => line !== '');
        expect(
          lines.length + (gone.answer.status === 200 ? gone.refused.length : gone.answer.body.rejected.length),
        ).toBe(batch.length);
        expect(gone.stitched).toEqual({ batchItemFailures: [] });
        expect(gone.quarantined.filter(({ reason }) => !isMine(reason))).toEqual([]);
        const people = gone.table.live().filter(({ collection }) => collection === 'users');
        const counted = people.reduce((sum, { eventCount }) => sum + eventCount, 0);
        // A client that gives two events one messageId may say the same message twice.
        const repeats =
          lines.length - new Set(lines.map((line) => (readJson(line) as { messageId: string }).messageId)).size;
        expect(counted + gone.quarantined.length).toBeLessThanOrEqual(lines.length);
        expect(counted + gone.quarantined.length).toBeGreaterThanOrEqual(lines.length - repeats);
        for (const profile of gone.table.live()) expect(await shown(gone, profile)).toEqual(views.map(() => 200));
      },
    ),
    { numRuns: numRuns(300) },
  ));
