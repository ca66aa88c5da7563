import fc from 'fast-check';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import type { Aggregate } from '../../../lambdas/core/segments/aggregates/aggregate.ts';
import { holds, traitValue } from '../../../lambdas/core/segments/evaluation/evaluate.ts';
import type { Known } from '../../../lambdas/core/segments/evaluation/known.ts';
import { takeEvent } from '../../../lambdas/core/segments/evaluation/take-event.ts';
import { compile, type Definitions } from '../../../lambdas/core/segments/program/compile.ts';
import { needsOf } from '../../../lambdas/core/segments/program/needs.ts';
import { definitions } from '../../core/segments/evaluation/any-definition.ts';
import { lives } from '../../core/segments/evaluation/any-life.ts';
import { computed, isTrueOf, type Person } from '../../core/segments/evaluation/oracle.ts';
import { eventOf } from '../../fixtures/events.ts';

type Life = Parameters<Parameters<typeof lives.map>[0]>[0];

/** A life whose events are messages with marks of their own. */
const asPerson = ({ events, facts }: Life) => {
  const sent = events.map(({ at, mark, name, properties }) => {
    const event = eventOf({
      ...{ type: 'track', event: name, messageId: mark, sourceId: 'shop', anonymousId: 'a', userId: 'u', properties },
      timestamp: new Date(at).toISOString(),
    });
    return { at, name, event, properties, mark: markOf(event) };
  });
  return { sent, person: { ...facts, events: sent } satisfies Person };
};

function knownOf(program: ReturnType<typeof compile>['program'], life: Life): Known {
  const { traits, since, granted, identifiers, accounts } = life.facts;
  const { sent } = asPerson(life);
  const of = (fields: Record<string, unknown>) => (name: string) => fields[name];
  return {
    ...{ profileId: 'p', since, clock: Math.max(0, ...sent.map(({ at }) => at)) },
    aggregates: sent.reduce<Map<string, Aggregate>>(
      (known, { event, at, mark }) => takeEvent(program, known, { event, at, mark }),
      new Map(),
    ),
    ...{ traitOf: of(traits), accounts: accounts.map((fields) => ({ traitOf: of(fields) })) },
    consentOf: (category) => granted[category],
    hasIdentifier: (type) => identifiers.includes(type),
  };
}

/** What the stream's code says at each time, and what its oracle says of the list of events. */
function answers(defined: Definitions, life: Life) {
  const { program } = compile(defined);
  const known = knownOf(program, life);
  const { person } = asPerson(life);
  const segments = Object.fromEntries(
    defined.segments.map(({ key, where, zone }) => [key, { where, zone: String(zone) }]),
  );
  return life.nows.map((now) => {
    const asked = (zone: unknown) => ({ person, now: Math.max(now, known.clock), zone: String(zone), segments });
    const inside = defined.segments.filter(({ where, zone }) => isTrueOf(where, asked(zone))).map(({ key }) => key);
    const values = defined.traits.map(({ key, compute, zone }) => [
      key,
      computed(compute as unknown as Record<string, unknown>, asked(zone)) ?? null,
    ]);
    return {
      stream: [
        defined.segments.filter(({ key }) => holds(program, key, known, now)).map(({ key }) => key),
        Object.fromEntries(defined.traits.map(({ key }) => [key, traitValue(program, key, known, now) ?? null])),
      ],
      oracle: [inside, Object.fromEntries(values)],
    };
  });
}

/** Columns of the table `events` that a person's segments read. */
const rowOf = ({ at, name, properties }: ReturnType<typeof asPerson>['sent'][number], messageId: string) => ({
  ...{ at, type: 'track', event: name, name: null, source_id: 'shop', message_id: messageId, anonymous_id: 'a' },
  ...{ user_id: 'u', group_id: null, previous_id: null, traits: null, context: null },
  properties: JSON.stringify(properties),
});

/** Random definitions and lives, with what becomes of them. */
export const segmentsOfLives = (numRuns: number, seed: number): unknown[] =>
  fc.sample(fc.tuple(definitions, lives), { numRuns, seed }).map(([defined, life]) => {
    const { sent } = asPerson(life);
    const events = sent.map((one, n) => rowOf(one, life.events[n]?.mark ?? ''));
    const needs = needsOf(compile(defined).program.aggregates.values());
    return [{ defined, needs, facts: life.facts, events, nows: life.nows }, answers(defined, life)];
  });
