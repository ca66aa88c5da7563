import { describe, expect, it } from 'vitest';
import { admit } from '../../../lambdas/core/events/admission.ts';
import { Event } from '../../../lambdas/core/events/event.ts';
import { shardPerson } from '../../../lambdas/core/events/shard-person.ts';
import { namingRule } from '../../../lambdas/core/identifiers/naming-rule.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const externalIds = [{ id: 'cus_1', type: 'stripe_customer_id', collection: 'users', encoding: 'none' }];
const identity = { ...configOf().identity, identifiers: [{ type: 'loyalty', path: 'properties.loyalty' }] };
const track = { type: 'track', event: 'Paid' };

/** Who may send what: SDKs as with Segment, all others whatever names somebody. */
const calls = [
  { name: 'a user id', call: { ...track, userId: 'u' }, sdk: true, other: true },
  { name: 'an anonymous id', call: { ...track, anonymousId: 'a' }, sdk: true, other: true },
  { name: 'an e-mail address', call: { type: 'identify', traits: { email: 'a@b.example' } }, sdk: false, other: true },
  { name: 'a phone number', call: { type: 'identify', traits: { phone: '(201) 555-0123' } }, sdk: false, other: true },
  { name: 'an external id', call: { ...track, context: { externalIds } }, sdk: false, other: true },
  { name: 'a device', call: { ...track, context: { device: { id: 'd', type: 'ios' } } }, sdk: false, other: true },
  { name: 'an own identifier', call: { ...track, properties: { loyalty: 7 } }, sdk: false, other: true },
  {
    name: 'an address that cannot be read',
    call: { type: 'identify', traits: { email: 'a@b' } },
    sdk: false,
    other: false,
  },
  { name: 'a blocked user id', call: { ...track, userId: 'unknown' }, sdk: true, other: false },
  { name: 'a blank user id', call: { ...track, userId: '  ' }, sdk: false, other: false },
  { name: 'nothing', call: track, sdk: false, other: false },
  { name: 'an account alone', call: { type: 'group', groupId: 'acme' }, sdk: false, other: true },
  { name: 'an account in digits', call: { type: 'group', groupId: 12 }, sdk: false, other: true },
  { name: 'a blocked account alone', call: { type: 'group', groupId: 'null' }, sdk: false, other: false },
  {
    name: 'an account, and a person who is blocked',
    call: { type: 'group', groupId: 'acme', userId: 'unknown' },
    sdk: true,
    other: false,
  },
  { name: 'an account in another call', call: { ...track, context: { groupId: 'acme' } }, sdk: false, other: false },
];

describe.each([
  { kind: 'browser', takes: 'sdk' },
  { kind: 'server', takes: 'sdk' },
  { kind: 'batch', takes: 'other' },
] as const)('a source of the kind $kind', ({ kind, takes }) => {
  it.each(calls)('$name', ({ call, [takes]: accepted }) => {
    const isNamed = namingRule({ kind, defaultCountry: 'US' }, identity);
    const arrival = { sourceId: 's', receivedAt: Date.UTC(2026, 4, 1), newId: () => 'made', isNamed };
    const { accepted: lines, rejected } = admit({ items: [call], shared: {} }, arrival);
    expect([lines.length, rejected.length]).toEqual(accepted ? [1, 0] : [0, 1]);
    for (const { json } of lines) expect(Event.safeParse(JSON.parse(json)).success).toBe(true);
    for (const { rejection } of rejected)
      expect(rejection.reason).toMatch(takes === 'sdk' ? /is missing/ : /names nobody/);
  });
});

it.each([
  { name: 'the anonymous id', event: { anonymousId: 'a', userId: 'u' }, person: 'a' },
  { name: 'the user id', event: { userId: 'u', context: { externalIds } }, person: 'u' },
  { name: 'an external id', event: { context: { externalIds, traits: { email: 'a@b.example' } } }, person: 'cus_1' },
  { name: 'an address', event: { type: 'identify', traits: { email: 'a@b.example' } }, person: 'a@b.example' },
  {
    name: 'an external id in digits that a double would lose',
    event: { context: { externalIds: [{ ...externalIds[0], id: JSON.rawJSON('9007199254740993') }] } },
    person: '9007199254740993',
  },
  { name: 'its account, where it names no person', event: { type: 'group', groupId: 'acme' }, person: 'acme' },
  { name: 'its own id, where it names nobody in a usual place', event: { messageId: 'm' }, person: 'm' },
])('an event goes to the shard of $name', ({ event, person }) => expect(shardPerson(eventOf(event))).toBe(person));
