import fc from 'fast-check';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import type { Aggregate } from '../../../lambdas/core/segments/aggregates/aggregate.ts';
import { holds, traitValue } from '../../../lambdas/core/segments/evaluation/evaluate.ts';
import type { Known } from '../../../lambdas/core/segments/evaluation/known.ts';
import { takeEvent } from '../../../lambdas/core/segments/evaluation/take-event.ts';
import { maximum } from '../../../lambdas/core/segments/language/compute.ts';
import { context, did, didLast, page, property } from '../../../lambdas/core/segments/language/events.ts';
import { inList, sample, trait } from '../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../lambdas/core/segments/language/rule.ts';
import { compile, type Definitions } from '../../../lambdas/core/segments/program/compile.ts';
import { needsOf } from '../../../lambdas/core/segments/program/needs.ts';
import { definitions, zones } from '../../core/segments/evaluation/any-definition.ts';
import { lives, start } from '../../core/segments/evaluation/any-life.ts';
import { eventOf } from '../../fixtures/events.ts';

const hour = 3_600_000;
const value = fc.constantFrom<unknown>(
  'red',
  2,
  '2',
  ' ',
  null,
  ['red', 2],
  1.5,
  `${'ü"'.repeat(30)}`,
  9007199254740993n,
);
const fields = fc.record({ x: value, list: fc.constantFrom('vips', 'others') }, { requiredKeys: ['list'] });

/** A call of any type, some hours from the start. */
const call = fc.record({
  hours: fc.integer({ min: -60, max: 60 }),
  said: fc.oneof(
    fc.constantFrom('A', 'List Member Added', 'List Member Removed').map((event) => ({ type: 'track', event })),
    fc.constantFrom('Home', 'Pricing', '').map((name) => ({ type: 'page', name })),
    fc.constant({ type: 'identify' }),
    fc.constant({ type: 'group', groupId: 'g' }),
  ),
  fields,
  source: fc.constantFrom('ads', 'mail'),
  email: fc.constantFrom(undefined, 'a@example.com', ['b']),
});

const rules: readonly Rule[] = [
  inList('vips'),
  sample('spring', 50),
  did(page('Pricing')).lastDays(1),
  did(page()).lastWeeks(2),
  did({ type: 'identify' }, property('x').exists()).atLeast(2),
  did('A', context('campaign.source').equals('ads')).thenDid(page()).within('12h').within('4d'),
  didLast({ type: 'group' }).lastMonths(1),
  trait('plan').lastDays(2),
  trait('computed').exists(),
  trait('computed').contains('r'),
  trait('computed').atLeast(2),
  maximum({ type: 'identify' }, 'x').lastDays(3).atLeast(2),
];

const situation = fc.record({
  calls: fc.array(call, { minLength: 1, maxLength: 12 }),
  picked: fc.shuffledSubarray([...rules], { minLength: 3, maxLength: 6 }),
  zone: fc.oneof(fc.constantFrom(...zones), fc.constant({ trait: 'zone', default: 'Europe/Berlin' })),
  own: fc.constantFrom('Asia/Kathmandu', 'america/sao_paulo', 'Mars', null),
  defined: definitions,
  life: lives,
  person: fc.nat(999),
  now: fc.integer({ min: -60, max: 120 }),
});
type Situation = Parameters<Parameters<typeof situation.map>[0]>[0];

/** JSON with long numbers in all their digits. */
const json = (of: unknown): string =>
  JSON.stringify(of, (_name, one) => (typeof one === 'bigint' ? JSON.rawJSON(String(one)) : one));
const withRaw = (of: unknown): unknown => (typeof of === 'bigint' ? JSON.rawJSON(String(of)) : of);

function eventsOf({ calls }: Situation) {
  return calls.map(({ hours, said, fields: { x, ...rest }, source, email }, n) => {
    const at = start + hours * hour;
    const given = { ...rest, x: withRaw(x), ...(email !== undefined && { email }) };
    const isTraits = said.type === 'identify' || said.type === 'group';
    const event = eventOf({
      ...{ ...said, messageId: `m${n}`, sourceId: 'shop', anonymousId: 'a', userId: 'u' },
      ...(isTraits ? { traits: given } : { properties: given }),
      context: { campaign: { source }, ...(email !== undefined && { traits: { email } }), device: { id: source } },
    });
    return { at, event };
  });
}

const rowOf = ({ at, event }: ReturnType<typeof eventsOf>[number]) => {
  const { type, messageId, sourceId, anonymousId, userId, groupId = null, properties, traits, context } = event;
  const texts = Object.entries({ properties, traits, context }).map(([name, of]) => [name, of ? json(of) : null]);
  return {
    ...{ at, type, event: event.event ?? null, name: event.name ?? null, source_id: sourceId, message_id: messageId },
    ...{ anonymous_id: anonymousId, user_id: userId, group_id: groupId, previous_id: null },
    ...Object.fromEntries(texts),
  };
};

function knownOf(
  program: ReturnType<typeof compile>['program'],
  { own, life, person }: Situation,
  sent: ReturnType<typeof eventsOf>,
): Known {
  const traits: Record<string, unknown> = { ...life.facts.traits, zone: own };
  return {
    ...{ profileId: `per_${person}`, since: life.facts.since, clock: Math.max(...sent.map(({ at }) => at)) },
    aggregates: sent.reduce<Map<string, Aggregate>>(
      (known, { at, event }) => takeEvent(program, known, { event, at, mark: markOf(event) }),
      new Map(),
    ),
    ...{ traitOf: (name) => traits[name], accounts: [], consentOf: () => undefined, hasIdentifier: () => false },
  };
}

/** Random calls of every type, and rules about them, with what the stream says. */
export const segmentsOfCalls = (numRuns: number, seed: number): unknown[] =>
  fc.sample(situation, { numRuns, seed }).map((one) => {
    const segments = one.picked.map((where, n) => ({ key: `s${n}`, name: 'S', zone: one.zone, where }));
    const traits = one.defined.traits.map(({ compute, ...defined }) => ({
      ...defined,
      compute: { ...compute, event: 'A', where: [], ...(compute.property && { property: 'x' }) },
    }));
    const defined: Definitions = { segments, traits };
    const sent = eventsOf(one);
    const { program } = compile(defined);
    const known = knownOf(program, one, sent);
    const now = start + one.now * hour;
    const facts = { since: known.since, traits: { ...one.life.facts.traits, zone: one.own } };
    const stream = [
      segments.filter(({ key }) => holds(program, key, known, now)).map(({ key }) => key),
      Object.fromEntries(traits.map(({ key }) => [key, traitValue(program, key, known, now) ?? null])),
    ];
    const needs = needsOf(program.aggregates.values());
    return [{ defined, needs, facts, person: known.profileId, events: sent.map(rowOf), nows: [now] }, [{ stream }]];
  });
