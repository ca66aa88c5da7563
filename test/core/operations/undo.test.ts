import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { planUnmerge, type UnmergeTarget } from '../../../lambdas/core/operations/plan-unmerge.ts';
import type { NewProfileId } from '../../../lambdas/core/profile/new-profile-id.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile, ProfileId } from '../../../lambdas/core/profile/profile.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { asked, type Expected, sorted, UndoOracle } from './undo-oracle.ts';

const segments = [
  { key: 'pro', name: 'Pro', where: trait('plan').equals(1) },
  { key: 'far', name: 'Far', where: trait('city').atLeast(5) },
];
const config = configOf({ segments, identity: { limits: {}, defaultLimit: 1000, breaker: { merges: 1000 } } });

type Saying = Readonly<Record<string, unknown>> & { readonly late: number | null };
type Step = { readonly say: readonly Saying[] } | { readonly again: number } | { readonly part: number };

const someSaying: fc.Arbitrary<Saying> = fc
  .record({
    late: fc.option(fc.nat({ max: 600 })),
    userId: fc.option(fc.constantFrom('u1', 'u2', 'u3', 'u4'), { nil: undefined }),
    device: fc.nat({ max: 5 }),
    kind: fc.constantFrom('identify', 'identify', 'group', 'track'),
    plan: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
    city: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
    ads: fc.option(fc.boolean(), { nil: undefined }),
    mail: fc.boolean(),
  })
  .map(({ late, userId, device, kind, plan, city, ads, mail }) => ({
    ...{ late, type: kind, userId, anonymousId: userId !== undefined && device === 0 ? undefined : `d${device}` },
    ...(kind === 'identify' && {
      traits: { ...(plan !== undefined && { plan }), ...(city !== undefined && { city }) },
    }),
    ...(kind === 'group' && { groupId: `g${device % 3}` }),
    context: {
      ...(ads !== undefined && { consent: { categoryPreferences: { ads } } }),
      ...(mail && { campaign: { source: 'mail' } }),
    },
  }));

const someStep = (most: number): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.array(someSaying, { minLength: 1, maxLength: most }).map((say) => ({ say })) },
    { weight: 2, arbitrary: fc.nat().map((again) => ({ again })) },
    { weight: 2, arbitrary: fc.nat().map((part) => ({ part })) },
  );

/** Plays a history against the table and the oracle, and compares all people after each undoing and at the end. */
class Play {
  readonly table = new MemoryTable();
  private readonly oracle = new UndoOracle();
  private readonly sent: Event[] = [];
  private readonly made = new Map<string, ProfileId>();
  private count = 0;
  undone = 0;
  private readonly withSince: boolean;

  constructor(withSince: boolean) {
    this.withSince = withSince;
  }

  async step(step: Step): Promise<void> {
    if ('part' in step) return this.part(step.part);
    const events =
      'say' in step
        ? step.say.map((call) => this.eventOf(call))
        : this.sent.slice(step.again % (this.sent.length + 1)).slice(0, 1);
    await this.stitch(events);
    this.oracle.take(events, (messageId) => this.made.get(messageId) ?? `nobody made a profile of ${messageId}`);
  }

  private eventOf({ late, ...fields }: Saying): Event {
    const receivedAt = minute(700 + ++this.count);
    const event = eventOf({
      ...fields,
      messageId: `m${String(this.count).padStart(3, '0')}`,
      receivedAt,
      timestamp: late === null ? receivedAt : minute(late),
    });
    this.sent.push(event);
    return event;
  }

  private readonly newProfileId: NewProfileId = (createdAt, collection, messageId) => {
    const id = `${createdAt}-${String(++this.count).padStart(4, '0')}`;
    if (collection === 'users') this.made.set(messageId ?? '', id);
    return id;
  };

  private async stitch(events: readonly Event[]): Promise<void> {
    const sightings = sight(events, config);
    const snapshot = await this.table.load(ownerNames(sightings));
    for (const write of planStitch(sightings, snapshot, config, this.newProfileId).writes)
      expect(await this.table.write(write)).toEqual({ kind: 'written' });
  }

  private async part(chance: number): Promise<void> {
    const { table } = this;
    const choices = this.people().flatMap((live) => [
      ...[...live.merged.keys()].map((profileId) => ({ live, target: { profileId } as UnmergeTarget })),
      ...[...live.identifiers.keys()].slice(0, 2).map((identifier) => ({
        live,
        target: { identifier, owner: table.owners.get(identifier) ?? '' } as UnmergeTarget,
      })),
    ]);
    const { live, target } = choices[chance % choices.length] ?? {};
    if (live === undefined || target === undefined) return;
    const stored = { profile: live, version: table.items.get(live.profileId)?.version ?? 0 };
    const cause = { messageId: 'operator', timestamp: asked, at: asked };
    const plan = planUnmerge({ live: stored, tombstones: table.tombstonesIn(live), owners: table.owners }, target, {
      cause,
      config,
      newProfileId: this.newProfileId,
    });
    if (plan.kind === 'refused') return;
    expect(await table.unmerge(plan.write)).toEqual({ kind: 'written' });
    if ('profileId' in target) this.oracle.partProfile(target.profileId, asked);
    else this.oracle.partIdentifier(target.identifier, plan.write.parted.profile.profileId, asked);
    this.undone += 1;
    this.compare();
  }

  private people = (): Profile[] => this.table.live().filter(({ collection }) => collection === 'users');

  compare(): void {
    const found = new Map(this.people().map((profile) => [profile.profileId, this.describe(profile)]));
    const wanted = new Map(
      [...this.oracle.expected()].map(([id, expected]) => [id, this.withSince ? expected : withoutSince(expected)]),
    );
    if (textOf(found) !== textOf(wanted)) expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  }

  private describe(profile: Profile): Expected {
    const spans = (
      map: ReadonlyMap<string, Profile['identifiers'] extends ReadonlyMap<Identifier, infer S> ? S : never>,
    ) => sorted([...map].map(([id, { first, last, linked }]) => [id, first, last, linked]));
    const { traits, touches, recent, consent, apart, merged, eventCount, firstSeen, lastSeen } = profile;
    const told = {
      ...{
        identifiers: spans(profile.identifiers),
        accounts: spans(profile.accounts),
        eventCount,
        marks: profile.marks.size,
        span: [firstSeen, lastSeen],
      },
      traits: sorted([...traits].map(([name, { value, timestamp, messageId }]) => [name, value, timestamp, messageId])),
      segments: sorted([...profile.segments]),
      touches: [touches.first?.messageId, touches.last?.messageId],
      recent: recent.map(({ messageId }) => messageId),
      consent: sorted([...consent].map(([key, { granted }]) => [key, granted])),
      ...{ apart: sorted([...apart]), merged: sorted([...merged.keys()].filter((id) => this.table.items.has(id))) },
    };
    return this.withSince ? told : withoutSince(told);
  }
}

const withoutSince = (told: Expected): Expected => ({
  ...told,
  segments: (told.segments as [string, string][]).map(([key]) => key),
});
const textOf = (people: ReadonlyMap<string, Expected>): string =>
  JSON.stringify(sorted([...people].map(([id, told]) => [id, sorted(Object.entries(told))])));

async function play(steps: readonly Step[], withSince: boolean): Promise<number> {
  const history = new Play(withSince);
  for (const step of steps) await history.step(step);
  history.compare();
  return history.undone;
}

const runs = { numRuns: numRuns(1200) };
describe('whoever is merged, parted and told of late or again', () => {
  it('is who the list of what was said to each makes them, event by event', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(someStep(1), { minLength: 4, maxLength: 30 }),
        async (steps) => void (await play(steps, true)),
      ),
      runs,
    ));
  it('is who the list of what was said to each makes them, in batches', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(someStep(5), { minLength: 4, maxLength: 20 }),
        async (steps) => void (await play(steps, false)),
      ),
      runs,
    ));
});
