import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { forgetIdentityLog, identityLog, quarantined, rawEvents } from '../observed/lake.ts';
import { allItems, type Item, profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { asOwner, stackOutput, unique } from '../platform/deployment.ts';

const run = async (command: string, ...args: string[]): Promise<string> =>
  (await npmRun(command, ...args, '--local')).stdout.trim();

const now = (): string => new Date().toISOString();
const [ann, bob, phone] = [unique('replay-ann'), unique('replay-bob'), unique('replay-phone')];
const [acme, nobody] = [unique('replay-acme'), unique('replay-nobody')];
const people = [`user_id:${ann}`, `user_id:${bob}`, `group_id:${acme}`];
const calls = [
  { type: 'page', anonymousId: phone, name: 'Home', context: { campaign: { source: 'mail' } } },
  { type: 'identify', userId: ann, traits: { email: `${ann}@example.com`, lifetime_value: 300, newsletter: true } },
  { type: 'track', userId: ann, anonymousId: phone, event: 'Order Completed' },
  { type: 'group', userId: ann, groupId: acme, traits: { seats: 3 } },
  {
    type: 'identify',
    userId: bob,
    traits: { plan: 'free' },
    context: { consent: { categoryPreferences: { ads: false } } },
  },
  { type: 'track', userId: bob, event: 'Product Viewed' },
  { type: 'track', userId: 'null', event: nobody },
];
let from = '';

/** Waits until the function has read all that is on the stream now, which has one shard. */
async function streamRead(): Promise<void> {
  const userId = unique(`replay-marker-${performance.now()}`);
  await post('/v1/track', { userId, event: 'Looked' });
  await eventually(() => profileOf(`user_id:${userId}`));
}

/** The items of whoever has these identifiers: profiles, tombstones and owners. */
async function itemsOf(...identifiers: readonly string[]): Promise<Map<string, Item>> {
  const ids = new Set(
    (await Promise.all(identifiers.map((identifier) => profileOf(identifier)))).map(({ profileId }) => profileId),
  );
  const items = [...(await allItems())];
  for (const [, item] of items) if (ids.has(String(item.mergedInto))) ids.add(String(item.profileId));
  return new Map(items.filter(([, item]) => ids.has(String(item.profileId))));
}

/** Waits until none of them changes by itself soon: what was due when they came has been decided. */
const atRest = () =>
  eventually(
    async () => {
      const due = [...(await itemsOf(...people)).values()].flatMap(({ dueAt }) => (dueAt ? [Number(dueAt)] : []));
      expect(Math.min(...due)).toBeGreaterThan(Date.now() / 1000 + 3_600);
    },
    { within: 150_000 },
  );

beforeAll(async () => {
  from = now();
  for (const [n, call] of calls.entries()) await post('/v1/batch', { batch: [{ ...call, messageId: `${ann}-${n}` }] });
  await eventually(async () => {
    const arrived = (await rawEvents()).filter(({ messageId }) => String(messageId).startsWith(ann));
    expect(arrived).toHaveLength(calls.length);
  });
  await streamRead();
  await atRest();
}, 240_000);

describe('npm run replay', () => {
  it('sends everything again, and no profile changes', async () => {
    const to = now();
    const before = await itemsOf(...people);
    expect(before.size).toBeGreaterThanOrEqual(8);
    const asked = ['replay', '--from', from, '--to', to] as const;
    expect(await run(...asked, '--dry-run')).toMatch(/^would send \d+ lines of \d+ objects?/);
    for (const again of [[], ['--restart']]) {
      expect(await run(...asked, ...again)).toMatch(/^sent \d+ lines of \d+ objects?/);
      await streamRead();
      expect(await itemsOf(...people)).toEqual(before);
    }
    expect(await run(...asked)).toMatch(/^already sent: \d+ lines of .*--restart/);
    await eventually(async () => {
      const copies = (await rawEvents()).filter(
        ({ messageId, replayed }) => String(messageId).startsWith(ann) && replayed === 'raw',
      );
      expect(copies).toHaveLength(2 * calls.length);
    });
  });

  it('brings back who was lost, and touches nobody else', async () => {
    const [hers, his] = [await itemsOf(`user_id:${ann}`), await itemsOf(`user_id:${bob}`)];
    const before = await profileOf(`user_id:${bob}`);
    const table = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));
    for (const { pk, sk } of his.values())
      await table.send(new DeleteCommand({ TableName: stackOutput('profileTable'), Key: { pk, sk } }));
    await expect(profileOf(`user_id:${bob}`)).rejects.toThrow();
    expect(await run('replay', '--from', from, '--to', now(), '--where', `userId=${bob}`)).toMatch(
      /^sent 2 lines of \d+ objects?; left out .*not wanted/,
    );
    await eventually(async () => expect((await profileOf(`user_id:${bob}`)).eventCount).toBe(2));
    expect(await profileOf(`user_id:${bob}`)).toEqual({
      ...before,
      profileId: expect.any(String),
      version: expect.any(Number),
    });
    expect(await itemsOf(`user_id:${ann}`)).toEqual(hers);
  });

  it('sends what was put aside again', async () => {
    const aside = async () => (await quarantined()).filter(({ event }) => String(event).includes(nobody));
    // Once when it came, and each time that all was sent again.
    await eventually(async () => expect(await aside()).toHaveLength(3));
    expect(await run('replay', '--quarantine', '--from', from, '--to', now(), '--where', `event=${nobody}`)).toMatch(
      /^sent 1 line of/,
    );
    await eventually(async () => expect(await aside()).toHaveLength(4));
  });

  it.each([
    {
      args: ['--from', '2001-01-01', '--to', '2001-01-02'],
      code: 0,
      says: 'nothing sent: these hours have no objects',
    },
    { args: ['--from', '2001-01-01', '--to', '2999-01-02'], code: 1, says: '--to must be past' },
  ])('answers $args with $says', async ({ args, code, says }) => {
    const answer = await run('replay', ...args).then(
      (stdout) => ({ code: 0, stdout, stderr: '' }),
      (error) => error,
    );
    expect(answer.stdout + answer.stderr).toContain(says);
    expect(answer.code).toBe(code);
  });
});

describe('npm run rebuild', () => {
  it('makes the same people in a table of its own, and once', async () => {
    const [live, table] = [await Promise.all(people.map((who) => profileOf(who))), unique('rebuilt')];
    const his = await profileOf(`user_id:${bob}`);
    await eventually(async () => {
      const linked = (await identityLog()).filter(({ kind }) => kind === 'link');
      expect(linked.map(({ identifier }) => identifier)).toEqual(expect.arrayContaining(people));
      // He was made a second time above.
      expect(linked.map(({ profileId }) => profileId)).toContain(his.profileId);
    });
    const printed = await run('rebuild', '--table', table, '--from', from, '--compare');
    expect(printed).toMatch(new RegExp(`^${table} is made from \\d+ events of \\d+ objects`));
    expect(printed).toMatch(/The table contains \d+ people, \d+ accounts, \d+ counted events and \d+ merges\./);
    const anyVersion = live.map((profile) => ({ ...profile, version: expect.any(Number) }));
    expect(await Promise.all(people.map((who) => profileOf(who, table)))).toEqual(anyVersion);
    const before = await allItems(table);
    expect(await run('rebuild', '--table', table, '--from', from)).toMatch(
      new RegExp(`^${table} was made already, from \\d+ events .*--restart`),
    );
    expect(await allItems(table)).toEqual(before);
    await expect(run('rebuild', '--table', table, '--from', from, '--restart')).rejects.toThrow(
      `the table ${table} holds items`,
    );
  });

  it('gives people the same ids when files of the identity log are gone, because its table has them', async () => {
    // Two were made for one event of his: only files know which came last.
    const known = people.filter((who) => who !== `user_id:${bob}`);
    const idsIn = async (table?: string) =>
      (await Promise.all(known.map((who) => profileOf(who, table)))).map(({ profileId }) => profileId);
    const [live, table] = [await idsIn(), unique('rebuilt-by-table')];
    await run('job', 'events');
    await run('job', 'identities');
    await forgetIdentityLog();
    await run('rebuild', '--table', table, '--from', from);
    expect(await idsIn(table)).toEqual(live);
  }, 400_000);
});
