import fc from 'fast-check';
import { Event } from '../../../lambdas/core/events/event.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { readJson } from '../../../lambdas/core/values/json.ts';
import { Pattern, toRegExp } from '../../../lambdas/core/values/pattern.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const word = fc.constantFrom(
  'a',
  'b',
  ' a ',
  'A',
  '',
  ' ',
  '\u3000',
  '\ufeffa',
  'null',
  '"Guest"',
  "' none '",
  '0-0',
  'test-1',
  '\ud83d\ude00',
  'Ⲁ',
  'é',
  'a'.repeat(501),
  '😀'.repeat(251),
);
const number = fc.constantFrom(
  '1',
  '1.0',
  '1e21',
  '-0',
  '12.50',
  '9007199254740993',
  '1E2',
  '0.1',
  '7615917337495251231',
  '12015550123',
  '1e400',
  '2.5',
);
const contact = fc.constantFrom(
  'ann@example.com',
  ' Ann@Example.COM',
  'mailto:a@b.c',
  'ann@bücher.example',
  '(201) 555-0123',
  '+33700000000',
  '+49 30 123456 x5',
);
const json = (text: fc.Arbitrary<string>) => text.map((each) => JSON.stringify(each));
const value = fc.oneof(
  { weight: 4, arbitrary: json(word) },
  { weight: 2, arbitrary: json(contact) },
  number,
  fc.constantFrom('true', 'null', '[]', '{"id":"a"}'),
);
/** An object as text, for numbers keep their digits only there. */
const object = (fields: Readonly<Record<string, fc.Arbitrary<string>>>) =>
  fc.record(fields, { requiredKeys: [] }).map(
    (given) =>
      `{${Object.entries(given)
        .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
        .join()}}`,
  );
const externalId = object({
  id: value,
  type: json(fc.constantFrom('crm', 'user_id', 'email', 'group_id', 'constructor', 'B')),
  collection: json(fc.constantFrom('users', 'users', 'accounts')),
  encoding: json(fc.constantFrom('none', 'none', 'x')),
});
const device = object({
  id: value,
  type: json(fc.constantFrom('iOS', 'android', 'İOS', 'tv')),
  advertisingId: value,
  adTrackingEnabled: fc.constantFrom('true', 'false', '1'),
});
const traits = object({ email: value, phone: value, loyalty: object({ id: value }), plan: value });
const context = object({
  traits,
  device,
  groupId: value,
  externalIds: fc.array(externalId, { maxLength: 2 }).map((ids) => `[${ids.join()}]`),
});
const calls = fc.record({
  type: fc.constantFrom('track', 'identify', 'group', 'alias'),
  ids: fc.record({ userId: word, anonymousId: word, previousId: word, groupId: word }, { requiredKeys: [] }),
  ...{ traits, context },
  properties: object({ order: object({ ref: value }) }),
});

/** Rules under which every kind of identifier occurs. */
const rules = {
  identifiers: [
    ...['loyalty.id', 'plan'].map((path, n) => ({ type: `own${n}`, path: `traits.${path}` })),
    { type: 'order', path: 'properties.order.ref' },
  ],
  blocked: {
    crm: { values: [' B '], patterns: ['^test-\\d$'] },
    email: { values: ['ANN@example.com'], patterns: [] },
  },
};
export const identity = configOf({ identity: rules }).identity;

const event = ({
  type,
  ids,
  traits,
  context,
  properties,
}: typeof calls extends fc.Arbitrary<infer Call> ? Call : never): Event | undefined => {
  const own = {
    track: `"properties":${properties}`,
    identify: `"traits":${traits}`,
    group: `"traits":${traits}`,
    alias: '"a":1',
  }[type];
  const given = readJson(`{${own},"context":${context}}`) as object;
  return Event.safeParse(eventOf({ type, ...(type === 'track' && { event: 'E' }), ...ids, ...given })).data;
};

/** Definitions of accounts that read track and alias calls, and no identify. */
const readByAccounts = configOf({
  identity: rules,
  segments: ['E', { type: 'alias' }].map((event, n) => ({
    ...{ key: `s${n}`, name: 'S', of: 'accounts', where: { event } },
  })),
});

/** What events name, of those that the door lets in; what each says is told as text, as the lake has it. */
export const identifiers = (numRuns: number, seed: number): unknown[] =>
  fc.sample(calls, { numRuns, seed }).flatMap((call) => {
    const found = event(call);
    if (!found) return [];
    const sightings = sight([found], readByAccounts);
    const [people, accounts] = ['users', 'accounts'].map((of) => sightings.find(({ collection }) => collection === of));
    const { userId, anonymousId } = found;
    const ids = [
      userId,
      anonymousId,
      found.type === 'alias' ? found.previousId : undefined,
      found.type === 'group' ? found.groupId : undefined,
    ];
    const objects = [
      found.type === 'identify' || found.type === 'group' ? found.traits : undefined,
      found.context,
      found.type === 'track' ? found.properties : undefined,
    ];
    return [
      [
        [
          found.type,
          found.type === 'track' ? found.event : null,
          null,
          ...ids.map((id) => id ?? null),
          'shop',
          ...objects.map((each) => (each ? JSON.stringify(each) : null)),
        ],
        { users: people?.identifiers ?? [], accounts: accounts?.identifiers ?? [] },
      ],
    ];
  });

const part = fc.constantFrom(
  ...[
    'a',
    'b',
    'é',
    '😀',
    '.',
    '^',
    '$',
    '|',
    '(',
    ')',
    '(?:',
    '[ab]',
    '[^a]',
    '[a-z0-9]',
    '[\\w-]',
    '\\d',
    '\\w',
    '\\D',
    '\\W',
    '\\b',
    '*',
    '+',
    '?',
    '{2}',
    '{1,2}',
    '+?',
    '\\.',
    '(?=a)',
    '\\s',
    '\\B',
    '(?i)',
    '++',
    '\\1',
    '[',
    ']',
    '{',
    '-',
    '\\-',
    '&&',
  ],
);
const pattern = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
const subject = fc.string({ unit: fc.constantFrom(...'aabBé1٣_- .\r\n\u2028\u0085&', '😀'), maxLength: 8 });

/** Of patterns that the configuration admits, whether they are found in a text. */
export const patterns = (numRuns: number, seed: number): unknown[] =>
  fc
    .sample(
      fc.tuple(
        pattern,
        subject.map((text) => text.trim()),
      ),
      { numRuns, seed },
    )
    .flatMap((given) => (Pattern.safeParse(given[0]).success ? [[given, toRegExp(given[0])?.test(given[1])]] : []));
