import { describe, expect, it } from 'vitest';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import {
  type AggregateRegistry,
  aggregatesOf,
  firstRegistry,
  programsOf,
  registered,
  withPrograms,
} from '../../lambdas/core/segments/history/registry.ts';
import { did } from '../../lambdas/core/segments/language/events.ts';
import { trait } from '../../lambdas/core/segments/language/people.ts';
import { inSegments } from '../../lambdas/core/segments/membership.ts';
import { identityOperator } from '../../lambdas/operations/identity.ts';
import { segmentOperator } from '../../lambdas/operations/segments.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';
import { always, changed, after as deployed, type Platform } from './changing-platform.ts';

const { segments } = deployed;
const pros = segments.filter(({ key }) => key === 'pros');
const edited = { key: 'pros', name: 'Pros', where: trait('plan').equals('best') };
const others = [
  { name: 'lacks what counts', config: configOf({ segments: pros }) },
  { name: 'lacks a segment of traits', config: configOf({ segments: segments.filter(({ key }) => key !== 'pros') }) },
  {
    name: 'has another rule',
    config: configOf({ segments: [edited, ...segments.filter(({ key }) => key !== 'pros')] }),
  },
  { name: 'has a segment more', config: configOf({ segments: [...segments, { ...edited, key: 'best' }] }) },
  { name: 'counts more', config: configOf({ segments: [...segments, { ...edited, key: 'c', where: did('Sold') }] }) },
  {
    name: 'has a segment of accounts',
    config: configOf({ segments: [...segments, { ...edited, key: 'firms', of: 'accounts' }] }),
  },
] satisfies readonly { readonly name: string; readonly config: CdpConfig }[];

const happened = [
  { messageId: 'm1', anonymousId: 'a', event: 'Bought' },
  { messageId: 'm2', userId: 'u', event: 'Bought' },
  { messageId: 'm3', userId: 'u', type: 'identify', traits: { plan: 'pro' } },
  { messageId: 'm4', anonymousId: 'a', userId: 'u', event: 'Bought' },
].map((fields, n) => eventOf({ ...fields, timestamp: minute(n), receivedAt: minute(n) }));

/** Two people who are one by now, as the deployment decided them. */
async function merged(): Promise<Platform> {
  const platform = await always(happened, deployed);
  platform.registry = withPrograms(platform.registry, programsOf(deployed));
  return platform;
}
const cause = { messageId: 'operator', timestamp: minute(9), at: minute(9) };

const commands = [
  { name: 'apply', run: (platform: Platform, config: CdpConfig) => platform.apply(config) },
  {
    name: 'unmerge',
    run: ({ table, registry }: Platform, config: CdpConfig) => {
      const [{ merged }] = table.live() as [ReturnType<typeof table.live>[number]];
      const operator = identityOperator(table.forOperators(), config, async () => registry);
      return operator.unmerge([...merged.keys()].join(), cause, true);
    },
  },
];

describe.each(commands)('$name with definitions that are not deployed', ({ run }) => {
  it.each(others)('is refused and changes nothing, where cdp.config.ts $name', async ({ config }) => {
    const platform = await merged();
    const [before, { writes }] = [platform.table.live(), platform.table];
    await expect(run(platform, config)).rejects.toThrow('cdp.config.ts does not define the segments');
    expect([platform.table.live(), platform.table.writes]).toEqual([before, writes]);
  });

  it('is done with those that are', async () => {
    const platform = await merged();
    await run(platform, configOf(deployed));
  });
});

describe('apply that a deployment overtakes', () => {
  it.each(['lines', 'table'])('ends when it reads on in the %s, and writes nothing more', async (where) => {
    const platform = await changed(happened.map((event) => ({ ...event, receivedAt: minute(1) })));
    platform.registry = withPrograms(platform.registry, programsOf(deployed));
    const others = configOf({ segments: pros });
    const overtake = () => {
      platform.registry = withPrograms(
        registered(platform.registry, aggregatesOf(others), platform.now),
        programsOf(others),
      );
    };
    if (where === 'lines') platform.onLines = overtake;
    else platform.onScan = overtake;
    await expect(platform.apply(deployed)).rejects.toThrow('cdp.config.ts does not define the segments');
    const { writes } = platform.table;
    await expect(platform.apply(deployed)).rejects.toThrow('cdp.config.ts does not define the segments');
    expect(platform.table.writes).toBe(writes);
  });
});

describe('a decision while a deployment is under way', () => {
  it('keeps what the deployment before it counts', async () => {
    const platform = await merged();
    const [profile] = platform.table.live() as [Profile];
    const kept = (registry: AggregateRegistry | undefined) =>
      inSegments(profile, { ...configOf({ segments: pros }), registry }, minute(9)).aggregates.size;
    expect([kept(platform.registry), kept(firstRegistry([]))]).toEqual([profile.aggregates.size, 0]);
  });
});

describe('what only reads', () => {
  it.each(others)('tells of definitions, where cdp.config.ts $name', async ({ config }) => {
    const platform = await merged();
    const { writes } = platform.table;
    const registry = async () => platform.registry;
    const table = { ...platform.table.forOperators(), registry };
    const [{ key }] = config.segments as [CdpConfig['segments'][number]];
    const told = await segmentOperator(config).explain(table, key, 'user_id:u', Date.parse(minute(9)));
    expect(told.segment).toBe(key);
    expect((await platform.preview(config)).written).toBe(0);
    expect(platform.table.writes).toBe(writes);
  });
});
