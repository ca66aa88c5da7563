import fc from 'fast-check';
import type { CdpConfig } from '../../../../lambdas/core/config/config.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import { account, all, any, inSegment, not, trait } from '../../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { seededRandom } from '../../../../local/demo/shop/random.ts';
import { definitions } from '../../../core/segments/evaluation/any-definition.ts';
import { type lives, start } from '../../../core/segments/evaluation/any-life.ts';
import { configOf } from '../../../fixtures/events.ts';
import { AccountPlay, type AccountStep } from './account-play.ts';

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

/** Definitions of people and of accounts, some of which ask for each other. */
export const defined = fc
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
/** A step, and the account that its event names. */
export type Step = Parameters<Parameters<typeof step.map>[0]>[0];

/** What happens, one after the other. */
export const manySteps = fc.array(step, { minLength: 12, maxLength: 30 });

/** Takes steps; what happens in them are the events of a life. */
export async function played(
  config: CdpConfig,
  { events }: Pick<Parameters<Parameters<typeof lives.map>[0]>[0], 'events'>,
  [steps, chance]: readonly [readonly Step[], number],
): Promise<AccountPlay> {
  const play = new AccountPlay(config, start - 60_000, seededRandom(chance));
  let next = 0;
  for (const { names, ...one } of steps) {
    const happened = one.do === 'event' ? events[next++] : undefined;
    const call = {
      ...{ event: happened?.name ?? 'A', properties: happened?.properties ?? {} },
      ...(names !== undefined && { context: { groupId: `g${names}` } }),
    };
    await play.step(one, call, happened?.at);
  }
  await play.settle();
  return play;
}
