import fc from 'fast-check';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { textOf } from '../../../lambdas/core/identifiers/identifier.ts';
import { lives } from '../../core/segments/evaluation/any-life.ts';
import { eventsOf, eventsOfAccount, segmentsOf } from '../../functions/tend/accounts/account-oracle.ts';
import { defined, manySteps, played } from '../../functions/tend/accounts/any-accounts.ts';

const column = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** Columns of the table `events` that segments read. */
const rowOf = (event: Event) => ({
  ...{ at: Date.parse(event.timestamp), type: event.type, event: event.event ?? null, name: null },
  ...{ source_id: event.sourceId, message_id: event.messageId, previous_id: null },
  ...{ user_id: event.userId ?? null, anonymous_id: event.anonymousId ?? null, group_id: event.groupId ?? null },
  ...{ properties: column(event.properties), traits: column(event.traits), context: column(event.context) },
});

/**
 * Random people with accounts, and definitions of both that ask for each other: each person's events, and the segments
 * of everybody by stitch and tend, and by an oracle that has the events alone. Nobody is taken apart, because the lake
 * cannot know who stated what.
 */
export async function segmentsOfAccounts(numRuns: number, seed: number): Promise<unknown[]> {
  const steps = manySteps.map((all) => all.filter(({ do: what }) => what !== 'unmerge'));
  const worlds = fc.sample(fc.tuple(defined, lives, fc.tuple(steps, fc.nat(1_000_000))), { numRuns, seed });
  const made: unknown[] = [];
  for (const [config, life, happens] of worlds) {
    const whole = await played(config, life, happens);
    await whole.settle(Math.max(whole.now, ...life.times));
    const world = { config, toldTo: whole.toldTo, now: whole.now };
    const live = whole.table
      .live()
      .map((profile) => ({ profile, name: textOf([...profile.identifiers.keys()][0] ?? 'none:none') }));
    const people = live.filter(({ profile }) => profile.collection === 'users');
    const answers = live.map(({ profile, name }) => {
      const of = profile.collection === 'users' ? 'people' : 'accounts';
      const events = of === 'people' ? eventsOf(profile, world) : eventsOfAccount(name, world);
      return [
        of === 'people' ? profile.profileId : name,
        { stream: [...profile.segments.keys()].sort(), oracle: segmentsOf(events, of, world) },
      ];
    });
    const theirs = people.map(({ profile }) => [profile.profileId, eventsOf(profile, world).map(rowOf)]);
    const { segments, traits } = config;
    made.push([{ segments, traits, now: whole.now, people: Object.fromEntries(theirs) }, Object.fromEntries(answers)]);
  }
  return made;
}
