import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CdpConfig } from '../../../../lambdas/core/config/config.ts';
import { textOf } from '../../../../lambdas/core/identifiers/identifier.ts';
import type { Profile } from '../../../../lambdas/core/profile/profile.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import { account, all, any, inSegment, not, trait } from '../../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { seededRandom } from '../../../../local/demo/shop/random.ts';
import { definitions } from '../../../core/segments/evaluation/any-definition.ts';
import { lives, start } from '../../../core/segments/evaluation/any-life.ts';
import { configOf } from '../../../fixtures/events.ts';
import { numRuns } from '../../../fixtures/laws.ts';
import { eventsOfAccount, segmentsOf } from './account-oracle.ts';
import { AccountPlay, type AccountStep } from './account-play.ts';

const seed = Number(process.env.ACCOUNTS_SEED ?? 19);
const tries = Number(process.env.ACCOUNTS_RUNS ?? numRuns(600));

const plan = fc.constantFrom<unknown>('red', 'blue', 2, '2', null, '', ['red', 'x']);
/** What people's segments ask about accounts. */
const asked = fc.constantFrom<Rule>(
  account(trait('plan').equals('red')),
  not(account(trait('plan').contains('red'))),
  account(all(trait('plan').exists(), not(inSegment('firm')))),
  all(account(inSegment('firm')), not(did('A').within('30m'))),
  any(account(trait('date').inNext('1d')), account(inSegment('base_firm'))),
  account(trait('date').within('1h')),
);

const defined = fc
  .tuple(definitions, definitions, asked, asked)
  .map(([people, firms, one, other]) => ({
    segments: [
      ...people.segments,
      { key: 'asks', name: 'Asks', zone: 'UTC', where: one },
      { key: 'asks_too', name: 'Asks, too', zone: 'UTC', where: any(other, all(inSegment('asks'), did('B'))) },
      ...firms.segments.map((segment) => ({
        ...(JSON.parse(JSON.stringify(segment).replaceAll('"base"', '"base_firm"')) as typeof segment),
        ...{ key: segment.key === 'base' ? 'base_firm' : 'firm', of: 'accounts' as const },
      })),
    ],
    traits: [],
  }))
  .filter((one) => compile(one).flaws.length === 0)
  .map((one): CdpConfig => ({ ...configOf({ identity: { limits: {}, defaultLimit: 100 } }), ...one }));

const step = fc.record({
  do: fc.constantFrom<AccountStep['do'][]>(
    ...(['event', 'event', 'event', 'group', 'group', 'group', 'again', 'login', 'login', 'unmerge', 'wake'] as const),
  ),
  device: fc.nat(3),
  account: fc.nat(1),
  traits: fc.record({ plan, date: fc.nat(2).map((days) => dayAfter(days)) }, { requiredKeys: [] }),
  isHeld: fc.boolean(),
  names: fc.option(fc.nat(1), { nil: undefined }),
});
const dayAfter = (days: number): string => new Date(start + days * 86_400_000).toISOString();
type Step = Parameters<Parameters<typeof step.map>[0]>[0];

const seen = { ...new AccountPlay(configOf({}), 0, seededRandom(0)).seen, members: 0, compared: 0 };

const eventsOf = ({ profileId, merged }: Profile, { toldTo }: AccountPlay) =>
  [profileId, ...merged.keys()].flatMap((id) => toldTo.get(id) ?? []);

function check(played: AccountPlay, config: CdpConfig): void {
  const world = { config, toldTo: played.toldTo, now: played.now };
  for (const profile of played.table.live()) {
    const found = [...profile.segments.keys()].sort();
    const [groupId] = [...profile.identifiers.keys()].map(textOf);
    const expected =
      profile.collection === 'accounts'
        ? segmentsOf(eventsOfAccount(String(groupId), world), 'accounts', world)
        : segmentsOf(eventsOf(profile, played), 'people', world);
    expect(found, profile.profileId).toEqual(expected);
    seen.members += found.length;
    seen.compared += 1;
  }
}

async function play(
  config: CdpConfig,
  { events, times }: Parameters<Parameters<typeof lives.map>[0]>[0],
  [steps, chance]: readonly [readonly Step[], number],
): Promise<void> {
  const played = new AccountPlay(config, start - 60_000, seededRandom(chance));
  let next = 0;
  for (const { names, ...one } of steps) {
    const happened = one.do === 'event' ? events[next++] : undefined;
    const call = {
      ...{ event: happened?.name ?? 'A', properties: happened?.properties ?? {} },
      ...(names !== undefined && { context: { groupId: `g${names}` } }),
    };
    await played.step(one, call, happened?.at);
  }
  await played.settle();
  check(played, config);
  for (const time of [...times].sort((a, b) => a - b)) {
    await played.settle(time);
    check(played, config);
  }
  for (const kind of Object.keys(played.seen) as (keyof AccountPlay['seen'])[]) seen[kind] += played.seen[kind];
}

it(`segments of people and of their accounts are what the events give, whoever is overtaken, merges, parts or dies (seed ${seed}, ${tries} runs)`, async () => {
  const steps = fc.tuple(fc.array(step, { minLength: 12, maxLength: 30 }), fc.nat(1_000_000));
  await fc.assert(fc.asyncProperty(defined, lives, steps, play), { numRuns: tries, seed });
  console.log(`accounts-law: ${JSON.stringify(seen)}`);
  expect(Object.values(seen).every((times) => times > tries / 20)).toBe(true);
});
