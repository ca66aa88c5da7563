import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { forget, plant, profileOf, type StoredProfile } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';
import { newMarkers, textsOf } from '../scan/calls.ts';
import { complete, eraseInLake, fileErasure } from '../scan/erasure.ts';
import * as those from '../scan/expected.ts';
import { expire } from '../scan/expiry.ts';
import { leftOf } from '../scan/left.ts';
import { areThere, decisionsAbout, idsOfHer, others, rememberers } from '../scan/others.ts';
import { began, markers } from '../scan/people.ts';
import { planted } from '../scan/plants.ts';
import { storesWith, versionsIn } from '../scan/stores-with.ts';
import { analystAsks, differ, dropLetters, everybodyComes, inLake, muchFails, toldOfExit } from '../scan/story.ts';
import { ann, askersCome, bob, reportOf, tablet } from './access-report.ts';
import { firm, found, lapsed } from './compared.ts';

const [rich, many, lost, well] = ['rich', 'many', 'lost', 'well'].map((name) => unique(`compared-${name}`)) as [
  string,
  string,
  string,
  string,
];
const everyone = [rich, many, lost, well];
const stored = (): Promise<StoredProfile[]> => Promise.all(everyone.map((userId) => profileOf(`user_id:${userId}`)));
const content = (profiles: readonly StoredProfile[]) =>
  profiles.map(({ identifiers, traits, segments, eventCount }) => ({ identifiers, traits, segments, eventCount }));

// One filling of the lake serves them all: a run of a job takes longer than all else here. It has more time than its
// waits together, so that what it changes is always put back.
beforeAll(async () => {
  await Promise.all([everybodyComes(), askersCome()]);
  await muchFails();
  await inLake();
}, 1_200_000);
afterAll(dropLetters);

describe('npm run compare', () => {
  it('finds what was planted in the table, tells it, and mends it by events', async () => {
    for (const userId of everyone)
      await post('/v1/identify', { userId, messageId: `${userId}-1`, traits: { lifetime_value: 300, order_count: 1 } });
    for (const userId of everyone)
      await post('/v1/track', { userId, messageId: `${userId}-2`, event: 'Product Reviewed' });
    await eventually(async () => expect((await stored()).map(({ eventCount }) => eventCount)).toEqual([2, 2, 2, 2]));
    await eventually(async () =>
      expect((await rawEvents()).map(({ messageId }) => messageId)).toEqual(
        expect.arrayContaining(everyone.map((id) => `${id}-2`)),
      ),
    );
    const inTable = await lapsed();
    const before = await stored();
    const [richId = '', manyId = '', lostId = ''] = before.map(({ profileId }) => profileId);
    await plant(richId, (item) => ({ ...item, traits: String(item.traits).replace('300', '3'), segments: '[]' }));
    await plant(manyId, (item) => ({ ...item, eventCount: 7 }));
    await forget(lostId);
    const isMended = await differ();

    const told = await run('compare', '--settle-minutes', '0');
    expect(told).toContain('differ. The repairs are on the event stream');
    expect(told).toMatch(/^missing_person +events +true +\d+ +\d+ +per_/m);
    expect(await found([richId, manyId, lostId])).toEqual(['extra_events', 'missing_person', 'segment', 'trait']);
    await eventually(async () => expect(content(await stored())).toEqual(content(before)));
    await isMended();
    expect(await found(inTable), 'accounts and their people agree').toEqual([]);
    const [firmId, buyerId] = inTable;
    const ids = inTable.map((id) => `'${id}'`).join(', ');
    const asked = `SELECT profile_id, array_join(segments, ',') AS keys FROM profiles WHERE profile_id IN (${ids})`;
    const made = JSON.parse(await run('query', asked, '--json')) as { profile_id: string; keys: string }[];
    const inLake = new Map(made.map(({ profile_id, keys }) => [profile_id, keys.split(',')]));
    expect(inLake.get(firmId)).toEqual(['lapsed_companies']);
    expect(inLake.get(buyerId)).toContain('lapsed_buyers');
  }, 400_000);

  it('leaves profiles from which npm run segment -- history tells who entered when', async () => {
    await run('job', 'marts');
    const { profileId } = await profileOf(`group_id:${firm}`);
    const stays = JSON.parse(await run('segment', 'history', 'lapsed_companies', '--json')) as { profileId: string }[];
    expect(stays.find((stay) => stay.profileId === profileId)).toEqual({
      ...{ profileId, enteredAt: expect.stringMatching(/^20\d\d-/), exitedAt: null },
    });
    const days = JSON.parse(await run('segment', 'history', 'lapsed_companies', '--by', 'day', '--json'));
    expect(days[0]).toMatchObject({ entered: expect.any(Number), members: expect.any(Number) });
    expect(await run('segment', 'history', 'lapsed_companies')).toMatch(new RegExp(`${profileId} .* is in`));
  }, 200_000);

  it.each([
    { args: ['--settle-minutes', 'soon'], code: 2, says: 'npm run compare [--' },
    { args: ['--stack', 'Nowhere'], code: 1, says: 'Nowhere' },
  ])('answers $args with $says', async ({ args, code, says }) => {
    const failure = (await run('compare', ...args).catch((error) => error)) as {
      code: number;
      stdout: string;
      stderr: string;
    };
    expect([failure.code, failure.stdout + failure.stderr]).toEqual([code, expect.stringContaining(says)]);
  });
});

it('a person who asks gets everything that profiles and the lake have of them, and nothing of a friend on their tablet', async () => {
  const ofAnn = await reportOf(ann);
  expect(ofAnn.report.events.rows.map(({ messageId }) => messageId)).toEqual([`${ann}-2`, `${ann}-1`]);
  expect(ofAnn.report.people[0]?.identifiers.map(({ value }) => value).sort()).toEqual(
    [ann, `${ann}@example.com`, tablet].sort(),
  );
  expect(ofAnn.text).not.toContain(bob);
  expect(ofAnn.page).toContain('&lt;b&gt;Ann&lt;/b&gt;');
  expect(ofAnn.page).toContain('Article 15(1)(h)');

  const ofBob = await reportOf(bob);
  expect(ofBob.report.events.rows.map(({ messageId }) => messageId)).toEqual([`${bob}-1`]);
  expect(ofBob.text).toContain(`${bob} was here`);
  expect(ofBob.text).not.toContain(ann);
  expect(ofBob.text).not.toContain(tablet);
});

describe('an erasure', () => {
  it('leaves nothing of the person in any store, and all of everybody else', async () => {
    const [hers, ids, plantedText] = [textsOf(markers), await idsOfHer(), newMarkers().short];
    const about = { hers, ids, ofAccount: markers.ofAccount, ...(await rememberers()) };
    const said = [...hers, ...ids, markers.ofAccount];
    const scan = () => storesWith([...said, plantedText], began);

    await analystAsks();
    const before = await others();
    areThere(before);
    expect.soft(those.unknown).toEqual([]);
    const plants = await planted(plantedText, those.others);
    const all = await scan().finally(plants.dig);
    expect.soft(those.namesIn(all, [...hers, ...ids]), 'a scan that cannot see proves nothing').toEqual(those.expected);
    expect.soft(those.namesIn(all, [plantedText])).toEqual([...plants.names, those.tableStream].sort());
    for (const text of said) expect.soft(those.namesIn(all, [text])).not.toEqual([]);

    const filed = await fileErasure(markers.short, toldOfExit);
    await eraseInLake(filed);
    const isLeft = leftOf(about, filed);
    const left = await scan();
    expect
      .soft(those.placesIn(left, (part, piece) => !those.passing.includes(part) && isLeft(part, piece)))
      .toEqual([]);
    await expire(versionsIn(left));
    await dropLetters();
    await complete(filed);
    expect.soft(those.placesIn(await scan(), isLeft)).toEqual([]);
    expect(await decisionsAbout(ids), 'what remembers ids').toEqual(['erased', 'unmerge']);
    expect.soft(await others()).toEqual(before);
  }, 1_200_000);
});
