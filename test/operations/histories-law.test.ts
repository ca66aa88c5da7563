import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import type { AggregateRegistry } from '../../lambdas/core/segments/history/registry.ts';
import { count } from '../../lambdas/core/segments/language/compute.ts';
import { did } from '../../lambdas/core/segments/language/events.ts';
import { compile } from '../../lambdas/core/segments/program/compile.ts';
import type { ProfileWrite } from '../../lambdas/core/stitching/profile-write.ts';
import { definitions } from '../core/segments/evaluation/any-definition.ts';
import { lives, start } from '../core/segments/evaluation/any-life.ts';
import type { SegmentStep } from '../core/stitching/segment-play.ts';
import { configOf } from '../fixtures/events.ts';
import { numRuns } from '../fixtures/laws.ts';
import type { Fate } from './fated-writes.ts';
import { HistoriesPlay, type Mistakes } from './histories-play.ts';

const seed = Number(process.env.HISTORIES_SEED ?? 19);
const tries = Number(process.env.HISTORIES_RUNS ?? numRuns(400));

const defined = definitions.filter(
  (all) =>
    !JSON.stringify(all).includes('"account"') &&
    compile(all).flaws.every(({ message }) => !message.startsWith('must need at most')),
);
/** All definitions, and some of them. */
const configured = fc
  .record({ all: defined, kept: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }) })
  .map(({ all, kept }): { readonly all: CdpConfig; readonly some: CdpConfig } => {
    const base = { ...configOf({ identity: { limits: {}, defaultLimit: 100 } }), traits: all.traits };
    const first = all.segments.filter(({ where }, n) => kept[n] && !JSON.stringify(where).includes('"inSegment"'));
    return {
      all: { ...base, ...all },
      some: { ...base, traits: [], segments: first.filter(readsNoTrait(all.traits)) },
    };
  });
const readsNoTrait =
  (traits: CdpConfig['traits']) =>
  ({ where }: CdpConfig['segments'][number]): boolean =>
    traits.every(({ key }) => !JSON.stringify(where).includes(`"${key}"`));

type Step =
  | SegmentStep
  | { readonly do: 'deploy' | 'freeze' | 'finish' }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'bring'; readonly from: number; readonly count: number; readonly fate: Fate };

const happening = fc.record({
  do: fc.constantFrom('event', 'event', 'event', 'event', 'again', 'login', 'unmerge', 'hold', 'arrive'),
  device: fc.nat(3),
}) as fc.Arbitrary<SegmentStep>;
const fate = fc.constantFrom<Fate>('none', 'none', 'race', 'dies before', 'dies after');
const bringing = fc.record({
  do: fc.constant('bring' as const),
  from: fc.nat(9),
  count: fc.integer({ min: 1, max: 4 }),
  fate,
});
const passing = fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(1, 6, 60) });
const happenings = fc.array(fc.oneof(happening, happening, happening, passing), { minLength: 2, maxLength: 8 });
const brought = fc.array(fc.oneof(happening, bringing, bringing), { minLength: 2, maxLength: 10 });
const of = (what: 'deploy' | 'freeze' | 'finish') => fc.constant([{ do: what }]);
/** Definitions come, go before their histories came, and come again. */
const steps: fc.Arbitrary<Step[]> = fc
  .tuple(
    ...[
      happenings,
      of('deploy'),
      happenings,
      fc.option(fc.constant([{ do: 'deploy' }, { do: 'deploy' }]), { nil: [] }),
    ],
    ...[of('freeze'), brought, of('finish'), happenings, of('deploy'), happenings, of('deploy')],
    ...[happenings, of('freeze'), brought, of('finish'), happenings],
  )
  .map((parts) => parts.flat() as Step[]);

const event = happening.map((one): Step => ({ ...one, do: 'event' }));
const login = happening.map((one): Step => ({ ...one, do: 'login' }));
/**
 * Events on both sides of a cut, and people who become one while some have their history: what is counted twice, or not
 * at all, shows there.
 */
const aboutACut: fc.Arbitrary<Step[]> = fc
  .tuple(
    ...[fc.array(event, { minLength: 2, maxLength: 5 }), of('deploy'), fc.array(event, { maxLength: 2 })],
    ...[fc.constant([{ do: 'pass', minutes: 6 }]), fc.array(event, { minLength: 1, maxLength: 3 }), of('freeze')],
    ...[fc.array(fc.oneof(bringing, login, event), { minLength: 3, maxLength: 8 }), of('finish'), happenings],
  )
  .map((parts) => parts.flat() as Step[]);
const courses = fc.oneof(steps, aboutACut);

type Life = Parameters<Parameters<typeof lives.map>[0]>[0];
type Configs = { readonly all: CdpConfig; readonly some: CdpConfig };

const totals: Record<string, number> = {};

async function step(played: HistoriesPlay, one: Step, { events }: Life, next: number, configs: Configs): Promise<void> {
  switch (one.do) {
    case 'deploy':
      return played.deploy(played.seen.deployed % 2 === 0 ? configs.all : configs.some);
    case 'freeze':
      return played.freeze();
    case 'pass':
      return played.play.pass(played.play.now + one.minutes * 60_000);
    case 'bring':
      return played.bring(one.from, one.count, one.fate);
    case 'finish':
      return played.finish();
    default:
      return played.play.step(one, events[next % events.length]);
  }
}

function check(played: HistoriesPlay, isNew: (key: string) => boolean): void {
  for (const { profileId, found, expected, silent } of played.compared()) {
    expect(found, profileId).toEqual(expected);
    expect(silent.filter(isNew), `${profileId} is in segments of which nobody can know`).toEqual([]);
  }
}

const playing =
  (mistakes: Mistakes) =>
  async (configs: Configs, life: Life, all: readonly Step[]): Promise<void> => {
    const played = new HistoriesPlay(configs.some, start - 60_000, mistakes);
    const known = new Set(configs.some.segments.map(({ key }) => key));
    const isNew = (key: string): boolean => !known.has(key) && played.registry.generation === 1;
    await played.play.introduce(0, life.facts);
    let next = 0;
    for (const one of all) {
      await step(played, one, life, next, configs);
      if (one.do === 'event' || one.do === 'hold') next += 1;
      check(played, isNew);
    }
    while (played.play.held.length > 0) await played.play.arrive();
    check(played, isNew);
    for (const time of life.times.toSorted((a, b) => a - b)) {
      await played.play.pass(time);
      check(played, isNew);
    }
    for (const [kind, times] of Object.entries({ ...played.seen, ...played.writes.seen, ...played.play.seen }))
      totals[kind] = (totals[kind] ?? 0) + times;
  };

const law = (configs: fc.Arbitrary<Configs>, mistakes: Mistakes, more: object) =>
  fc.assert(fc.asyncProperty(configs, lives, courses, playing(mistakes)), { seed, ...more });

it(`segments of new definitions are what the list of events gives, once their history is there, and nobody is told before (seed ${seed}, ${tries} runs)`, async () => {
  await law(configured, {}, { numRuns: tries });
  console.log(`histories-law: ${JSON.stringify(totals)}`);
  expect(Object.values(totals).every((times) => times > tries / 10)).toBe(true);
});

describe('the law would notice', () => {
  /** Definitions that tell each number of events from the next: few drawn ones would notice an event too many. */
  const counting = configured.map(({ all: { traits: _, ...all } }): Configs => {
    const segments = [1, 2, 3, 4, 5, 6].flatMap((value) =>
      // The second keeps no marks, so nothing but the cut keeps an event from counting twice.
      [did('A').exactly(value), count('A').equals(value)].map((where, n): CdpConfig['segments'][number] => ({
        ...{ key: `s${value}_${n}`, name: `${value} times`, zone: 'UTC', where: JSON.parse(JSON.stringify(where)) },
      })),
    );
    return { all: { ...all, traits: [], segments }, some: { ...all, traits: [], segments: [] } };
  });
  // A mistake is tried until it is noticed: of 12 seeds, each noticed each within 48 tries.
  const mostTries = 400;
  const forgetful = (profile: Profile): Profile => {
    const { filling, ...rest } = profile.histories ?? { born: 0, based: 0, counts: 0 };
    const forgotten = filling && { ...rest, based: filling.from, filling: { ...filling, ids: new Set<string>() } };
    return { ...profile, ...(forgotten && { histories: forgotten }) };
  };
  const later = (registry: AggregateRegistry): AggregateRegistry => ({
    ...registry,
    aggregates: new Map(
      [...registry.aggregates].map(([id, { generation, cut }]) => [id, { generation, cut: cut && dayAfter(cut) }]),
    ),
  });
  const dayAfter = (cut: string): string => new Date(Date.parse(cut) + 86_400_000).toISOString();
  const boastful = (write: ProfileWrite): ProfileWrite => {
    const { profile, absorbed } = write;
    if (absorbed.length === 0 || profile.histories === undefined) return write;
    const based = Math.max(profile.histories.based, ...absorbed.map((each) => each.profile.histories?.based ?? 0));
    return { ...write, profile: { ...profile, histories: { ...profile.histories, based } } };
  };
  it.each<{ readonly name: string; readonly mistakes: Mistakes }>([
    { name: 'a history that is joined again', mistakes: { read: forgetful } },
    { name: 'a merge that has what one of the two has', mistakes: { written: boastful } },
    { name: 'an event that counts though the history has it', mistakes: { bringing: later } },
    { name: 'an event that does not count though no history has it', mistakes: { stitching: later } },
  ])('$name, whatever the seed', ({ mistakes }) =>
    expect(law(counting, mistakes, { numRuns: mostTries, endOnFailure: true })).rejects.toThrow('Property failed'),
  );
});
