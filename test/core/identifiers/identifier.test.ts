import { describe, expect, it } from 'vitest';
import { normalizeEmail } from '../../../lambdas/core/identifiers/email.ts';
import {
  accountOf,
  type Identifier,
  identifiersOf,
  rankOf,
  textOf,
  typeOf,
} from '../../../lambdas/core/identifiers/identifier.ts';
import { fieldsOf } from '../../../lambdas/core/values/json.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const { identity } = configOf();
const read = (fields: Record<string, unknown>) => identifiersOf(eventOf(fields), identity, 'US').usable;

describe('identifiers of an event', () => {
  it.each([
    {
      name: 'user and anonymous id',
      event: { userId: 'u1', anonymousId: 'a1' },
      ids: ['user_id:u1', 'anonymous_id:a1'],
    },
    {
      name: 'email of an identify, trimmed and lower-cased',
      event: { type: 'identify', userId: 'u1', traits: { email: ' Ann@Example.COM ' } },
      ids: ['user_id:u1', 'email:ann@example.com'],
    },
    {
      name: 'email in the context of any call',
      event: { anonymousId: 'a1', context: { traits: { email: 'ann@example.com' } } },
      ids: ['email:ann@example.com', 'anonymous_id:a1'],
    },
    {
      name: 'two emails of one event',
      event: {
        type: 'identify',
        userId: 'u1',
        traits: { email: 'b@x.org' },
        context: { traits: { email: 'a@x.org' } },
      },
      ids: ['user_id:u1', 'email:a@x.org', 'email:b@x.org'],
    },
    {
      name: 'phone as E.164 with the default country of the source',
      event: { type: 'identify', userId: 'u1', traits: { phone: '(201) 555-0123' } },
      ids: ['user_id:u1', 'phone:+12015550123'],
    },
    {
      name: 'a phone that does not parse is none',
      event: { type: 'identify', userId: 'u1', traits: { phone: 'call me' } },
      ids: ['user_id:u1'],
    },
    {
      name: 'an email that does not parse is none',
      event: { type: 'identify', userId: 'u1', traits: { email: 'not an email' } },
      ids: ['user_id:u1'],
    },
    {
      name: 'an email that is no text is none',
      event: { type: 'identify', userId: 'u1', traits: { email: { at: 'x' } } },
      ids: ['user_id:u1'],
    },
    {
      name: 'alias carries both ids',
      event: { type: 'alias', userId: 'u1', previousId: 'a1' },
      ids: ['user_id:u1', 'anonymous_id:a1'],
    },
    {
      name: "a group's traits are not the person's",
      event: { type: 'group', userId: 'u1', groupId: 'g', traits: { email: 'office@example.com' } },
      ids: ['user_id:u1'],
    },
    {
      name: 'properties name nobody',
      event: { userId: 'u1', properties: { email: 'ann@example.com' } },
      ids: ['user_id:u1'],
    },
    {
      name: 'a repeated identifier counts once',
      event: {
        type: 'identify',
        userId: 'u1',
        traits: { email: 'a@x.org' },
        context: { traits: { email: 'A@x.org' } },
      },
      ids: ['user_id:u1', 'email:a@x.org'],
    },
    {
      name: "devices by Segment's names",
      event: {
        anonymousId: 'a1',
        context: { device: { type: 'iOS', id: 'D1', advertisingId: 'F1', adTrackingEnabled: true } },
      },
      ids: ['ios.id:D1', 'ios.idfa:F1', 'anonymous_id:a1'],
    },
    {
      name: 'no advertising id where tracking is not allowed',
      event: { userId: 'u1', context: { device: { type: 'android', id: 'D1', advertisingId: 'F1' } } },
      ids: ['user_id:u1', 'android.id:D1'],
    },
    {
      name: 'complete external ids of users only',
      event: {
        userId: 'u1',
        context: {
          externalIds: [
            { id: 'L1', type: 'loyalty', collection: 'users', encoding: 'none' },
            { id: 'X@Y.org', type: 'email', collection: 'users', encoding: 'none' },
            { id: 'G1', type: 'group_id', collection: 'accounts', encoding: 'none' },
            { id: 'L2', type: 'loyalty', collection: 'users' },
            { id: 'L3', type: 'Not A Type', collection: 'users', encoding: 'none' },
            'nonsense',
          ],
        },
      },
      ids: ['user_id:u1', 'email:x@y.org', 'loyalty:L1'],
    },
  ])('$name', ({ event, ids }) => expect(read(event)).toEqual(ids));

  it('reads identifiers of the deployment where the configuration says, normalized by their type', () => {
    const identifiers = [
      { type: 'loyalty_id', path: 'traits.loyalty.id' },
      { type: 'email', path: 'properties.email' },
    ];
    const rules = configOf({ identity: { identifiers } }).identity;
    const event = eventOf({
      type: 'track',
      anonymousId: 'a1',
      properties: { email: 'Ann@X.org' },
      traits: { loyalty: { id: 77 } },
    });
    expect(identifiersOf(event, rules).usable).toEqual(['email:ann@x.org', 'loyalty_id:77', 'anonymous_id:a1']);
  });

  it('blocks values and patterns of single types, and says which', () => {
    const rules = configOf({
      identity: { blocked: { email: { values: ['noreply@x.org'], patterns: ['@test\\.example$'] } } },
    }).identity;
    const stated = (email: string) =>
      identifiersOf(eventOf({ type: 'identify', userId: 'u1', traits: { email } }), rules);
    expect(stated('NoReply@x.org')).toEqual({ usable: ['user_id:u1'], blocked: ['email:noreply@x.org'] });
    expect(stated('a@test.example')).toEqual({ usable: ['user_id:u1'], blocked: ['email:a@test.example'] });
    expect(stated('a@example.org')).toEqual({ usable: ['user_id:u1', 'email:a@example.org'], blocked: [] });
  });

  it.each([
    'null',
    'NULL',
    ' Undefined ',
    '"null"',
    "'anonymous'",
    '0',
    '00000000-0000-0000-0000-000000000000',
    '-1',
    '[object Object]',
    'NaN',
    'guest',
    'test',
    ' ',
  ])('the value %j never links anyone', (value) =>
    expect(read({ userId: value, anonymousId: 'a1' })).toEqual(['anonymous_id:a1']),
  );

  it('puts the most trusted first, by the rules of the deployment', () => {
    const rules = configOf({ identity: { priority: ['email', 'user_id'] } }).identity;
    const ids = identifiersOf(
      eventOf({ type: 'identify', userId: 'u1', anonymousId: 'a1', traits: { email: 'a@x.org' } }),
      rules,
    ).usable;
    expect(ids).toEqual(['email:a@x.org', 'user_id:u1', 'anonymous_id:a1']);
  });
});

describe('an identifier', () => {
  it('is its type and its text, which may hold colons', () => {
    expect(typeOf('user_id:a:b')).toBe('user_id');
    expect(textOf('user_id:a:b')).toBe('a:b');
  });

  it.each([
    { name: 'an id of 500 characters', event: { userId: 'u'.repeat(500) }, ids: [`user_id:${'u'.repeat(500)}`] },
    {
      name: 'no id of 501 characters',
      event: { userId: 'u'.repeat(501), anonymousId: 'a1' },
      ids: ['anonymous_id:a1'],
    },
    { name: 'no empty id', event: { userId: '  ', anonymousId: 'a1' }, ids: ['anonymous_id:a1'], blocked: [] },
    { name: 'an id without the space around it', event: { userId: ' u1 ' }, ids: ['user_id:u1'] },
    { name: 'previousId of an alias alone', event: { userId: 'u1', previousId: 'a1' }, ids: ['user_id:u1'] },
    {
      name: 'several devices in the order of their values',
      event: { type: 'alias', userId: 'u1', anonymousId: 'b', previousId: 'a' },
      ids: ['user_id:u1', 'anonymous_id:a', 'anonymous_id:b'],
    },
    {
      name: 'a device of no known system',
      event: { context: { device: { id: 'D', type: 'tvos' } }, userId: 'u' },
      ids: ['user_id:u', 'device.id:D'],
    },
    {
      name: 'a device of a like-named system',
      event: { context: { device: { id: 'D', type: 'ios-sim' } }, userId: 'u' },
      ids: ['user_id:u', 'device.id:D'],
    },
    {
      name: 'a device of another like-named system',
      event: { context: { device: { id: 'D', type: 'my-ios' } }, userId: 'u' },
      ids: ['user_id:u', 'device.id:D'],
    },
    {
      name: 'a device whose system is no text',
      event: { context: { device: { id: 'D', type: ['ios'] } }, userId: 'u' },
      ids: ['user_id:u', 'device.id:D'],
    },
    { name: 'no context at all', event: { userId: 'u', context: null }, ids: ['user_id:u'] },
    {
      name: 'external ids that are no list',
      event: { userId: 'u', context: { externalIds: { id: 'L', type: 'loyalty' } } },
      ids: ['user_id:u'],
    },
    {
      name: 'no external id of a type too long, or that is no text',
      event: {
        userId: 'u',
        context: {
          externalIds: [
            { id: 'L', type: `l${'o'.repeat(40)}`, collection: 'users', encoding: 'none' },
            { id: 'L', type: ['loyalty'], collection: 'users', encoding: 'none' },
          ],
        },
      },
      ids: ['user_id:u'],
    },
  ])('is read from an event: $name', ({ event, ids }) => expect(read(event)).toEqual(ids));

  it('says nothing blocked of what is no identifier', () =>
    expect(identifiersOf(eventOf({ userId: ' ', anonymousId: 'u'.repeat(501) }), identity)).toEqual({
      usable: [],
      blocked: [],
    }));

  it.each([
    { text: ` ${'a'.repeat(314)}@x.org `, email: `${'a'.repeat(314)}@x.org` },
    { text: `${'a'.repeat(315)}@x.org`, email: undefined },
    { text: 'Ann <ann@x.org', email: undefined },
    { text: 'ann@x.org>', email: undefined },
    { text: 'ann@x.org.', email: undefined },
    { text: 'ann@x', email: undefined },
    { text: 'a b@x.org', email: undefined },
  ])('an email is read from "$text": $email', ({ text, email }) => expect(normalizeEmail(text)).toBe(email));

  it('a phone number is no longer than 40 characters', () => {
    const phone = (text: string) => read({ type: 'identify', userId: 'u', traits: { phone: text } });
    expect(phone('+1 201 555 0123'.padEnd(39).concat('-'))).toEqual(['user_id:u', 'phone:+12015550123']);
    expect(phone(`+1 201${'-'.repeat(27)}555 0123`)).toEqual(['user_id:u']);
  });

  it.each([
    { priority: ['user_id', 'anonymous_id'], ranks: [0, 0.5, 1] },
    { priority: ['anonymous_id', 'user_id'], ranks: [1, -0.5, 0] },
    { priority: ['user_id'], ranks: [0, 0.5, 0.5] },
  ])('of a type not named comes just before anonymous_id: $priority', ({ priority, ranks }) => {
    const rules = configOf({ identity: { priority } }).identity;
    expect((['user_id:u', 'loyalty:l', 'anonymous_id:a'] as Identifier[]).map((id) => rankOf(id, rules))).toEqual(
      ranks,
    );
  });
});

it.each([
  { name: 'a group call', event: { type: 'group', groupId: ' acme ' }, account: 'group_id:acme' },
  { name: 'a group of a value that never links', event: { type: 'group', groupId: 'null' }, account: undefined },
  { name: 'a group without an id', event: { type: 'group' }, account: undefined },
  { name: 'another call', event: { groupId: 'acme' }, account: undefined },
])('$name is about the account $account', ({ event, account }) =>
  expect(accountOf(eventOf(event), identity)).toBe(account),
);

it('blocks accounts by the values of their own type', () => {
  const rules = configOf({ identity: { blocked: { group_id: { values: ['everybody'] } } } }).identity;
  expect(accountOf(eventOf({ type: 'group', groupId: 'everybody' }), rules)).toBeUndefined();
  expect(accountOf(eventOf({ type: 'group', groupId: 'acme' }), rules)).toBe('group_id:acme');
});

it.each([null, undefined, 'text', 7, [1]])('%j has no fields', (value) => expect(fieldsOf(value)).toEqual({}));
