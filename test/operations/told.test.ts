import { beforeEach, expect, it } from 'vitest';
import { deliveryMemory } from '../../lambdas/adapters/dynamodb/delivery-memory.ts';
import { traitMemory } from '../../lambdas/adapters/dynamodb/trait-memory.ts';
import type { CdpConfigInput } from '../../lambdas/core/config/config.ts';
import { ownerNames } from '../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import { count, sum } from '../../lambdas/core/segments/language/compute.ts';
import { trait } from '../../lambdas/core/segments/language/people.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import { fingerprint } from '../../lambdas/core/values/fingerprint.ts';
import { tellingsAbout } from '../../lambdas/operations/told.ts';
import { MemoryDynamoDb } from '../fakes/memory-dynamodb.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf, eventOf } from '../fixtures/events.ts';

const asked: Pick<CdpConfigInput, 'traits' | 'segments' | 'destinations'> = {
  traits: [
    { key: 'spent', compute: sum('Paid', 'amount') },
    { key: 'orders', compute: count('Paid') },
    { key: 'earned', of: 'accounts', compute: sum('Paid', 'amount') },
  ],
  segments: [{ key: 'rich', name: 'Rich', where: trait('spent').atLeast(10) }],
  destinations: [
    { id: 'crm', kind: 'webhook', segments: ['rich'], traits: ['spent', 'earned'] },
    { id: 'ads', kind: 'webhook', segments: ['rich'], traits: ['orders'], consent: ['ads'] },
  ],
};
const config = configOf(asked);
const source = { id: 'shop', kind: 'server', writeKey: 'a-write-key' } as const;
const now = Date.parse('2026-05-02T00:00:00.000Z');
let table: MemoryTable;
let dynamo: MemoryDynamoDb;
let made: number;
beforeEach(() => {
  [table, dynamo, made] = [new MemoryTable(), new MemoryDynamoDb(), 0];
});

async function send(fields: object): Promise<Profile> {
  const sightings = sight([eventOf({ userId: 'u1', event: 'Paid', ...fields })], config);
  for (const write of planStitch(sightings, await table.load(ownerNames(sightings)), config, () => `p${++made}`).writes)
    await table.write(write);
  const [profile] = table.live();
  if (profile === undefined) throw new Error('nobody is there');
  return profile;
}
const memoriesOf = (destination: string) => {
  const place = { client: dynamo.client, tableName: 'profiles', destination, pause: async () => {}, now: () => now };
  return { segments: deliveryMemory(place), traits: traitMemory(place) };
};
const about = (profile: Profile) =>
  tellingsAbout(profile, { config: { sources: [source], ...asked }, registry: undefined, memoriesOf, now });
const beginning = (value: unknown, ...names: string[]) => ({
  ...{ names: new Set(names), value: fingerprint(JSON.stringify(value)), occasion: 'm1', attempt: 'try', news: 0 },
});
const pays = (amount: number) => send({ properties: { amount } });

it('somebody who was told to nobody has values, and no more', async () =>
  expect(await about(await pays(3))).toMatchObject({ computedTraits: { spent: 3, orders: 1 }, told: [] }));

it('a value is under way until its message has ended, of now until it changes, and then another one', async () => {
  const { traits } = memoriesOf('crm');
  const profile = await pays(3);
  const told = { destination: 'crm', kind: 'trait', key: 'spent', since: null, names: ['anonymousId:a', 'userId:u1'] };
  await traits.begin(profile.profileId, 'spent', beginning(3, 'userId:u1', 'anonymousId:a'));
  expect((await about(profile)).told).toEqual([{ ...told, state: 'under way' }]);
  await traits.confirm(profile.profileId, 'spent', beginning(3).value);
  await traits.end([profile.profileId], 'spent', ['m1', 'try']);
  expect((await about(profile)).told).toEqual([{ ...told, state: 'value of now' }]);
  expect(await about(await pays(4))).toMatchObject({
    computedTraits: { spent: 7, orders: 2 },
    told: [{ ...told, state: 'other value' }],
  });
});

it('to a destination without the consent that it needs, no value is that of now', async () => {
  const { traits } = memoriesOf('ads');
  const profile = await pays(3);
  for (const value of [1, null]) {
    await traits.begin(profile.profileId, 'orders', beginning(value, 'userId:u1'));
    await traits.confirm(profile.profileId, 'orders', beginning(value).value);
    await traits.end([profile.profileId], 'orders', ['m1', 'try']);
    const state = value === null ? 'value of now' : 'other value';
    expect((await about(profile)).told).toMatchObject([{ destination: 'ads', key: 'orders', state }]);
  }
});

it('a membership is in under its names since its time, also those of a merged profile, and then out', async () => {
  const { segments } = memoriesOf('crm');
  const profile = { ...(await pays(10)), merged: new Map([['p0', '2026-05-01T00:00:00.000Z']]) };
  const since = '2026-05-01T10:00:00.000Z';
  await segments.remember(profile.profileId, 'rich', { names: new Set(['userId:u1']), since });
  await segments.remember('p0', 'rich', { names: new Set(['anonymousId:a']), since });
  const told = { destination: 'crm', kind: 'segment', key: 'rich' };
  expect((await about(profile)).told).toEqual([{ ...told, state: 'in', since, names: ['anonymousId:a', 'userId:u1'] }]);
  await segments.forget([profile.profileId], 'rich', ['userId:u1']);
  await segments.forget(['p0'], 'rich', ['anonymousId:a']);
  expect((await about(profile)).told).toEqual([{ ...told, state: 'out', since: null, names: [] }]);
});
