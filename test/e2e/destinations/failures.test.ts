import { describe, expect, it } from 'vitest';
import type { Hook } from '../../fixtures/catalogue/deployed.ts';
import { redrive } from '../commands/redrive.ts';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { type Heard, heardBy, received } from '../observed/received.ts';
import { unique } from '../platform/deployment.ts';
import { hookUrl } from '../platform/hook-answers.ts';
import { forgetSecret } from './delivering.ts';
import { inQueue, lettersOf, send, untilLetters } from './people.ts';

const second = 1_000;
const hears = (id: Hook, userId: string, count: number, within = 150 * second): Promise<Heard[]> =>
  eventually(
    async () => {
      const heard = await heardBy(id, userId);
      expect(heard).toHaveLength(count);
      return heard;
    },
    { within },
  );
const waitsOf = (heard: readonly Heard[]): number[] => heard.slice(1).map(({ at }, n) => at - (heard[n]?.at ?? 0));

describe.concurrent('a receiver behind the proxy', () => {
  it.each([
    { id: 'limited', is: 'that answers 429 with Retry-After: 3', waits: 3 * second },
    { id: 'dripping', is: 'that drips its answer', waits: 10 * second },
    { id: 'resetting', is: 'that resets the connection in the middle of its answer', waits: 0.9 * second },
  ] as const)('$is is told the same again, after a wait, and once more only', async ({ id, waits }) => {
    const userId = unique(id);
    await send(userId, id);
    const heard = await hears(id, userId, 2);
    expect(waitsOf(heard)[0]).toBeGreaterThanOrEqual(waits);
    expect(new Set(heard.map(({ body }) => body)).size).toBe(1);
    await eventually(async () => expect(await inQueue(id)).toBe(0));
    expect(await heardBy(id, userId)).toHaveLength(2);
  });

  it('that answers 200 with HTML without end has taken what it was told', async () => {
    const userId = unique('wordy');
    await send(userId, 'wordy');
    await hears('wordy', userId, 1);
    await eventually(async () => expect(await inQueue('wordy')).toBe(0));
    expect([await heardBy('wordy', userId), await lettersOf('wordy')]).toMatchObject([[{ method: 'POST' }], []]);
  });

  it('that redirects to the metadata is not followed: one request, and a letter with everything', async () => {
    const userId = unique('redirected');
    await send(userId, 'redirected');
    const [letter] = await untilLetters('redirected', 1);
    const { profileId } = await profileOf(`user_id:${userId}`);
    const detail = { profileId, segment: 'to_redirected', change: 'entered' };
    expect(letter).toMatchObject({ body: { source: 'cdp.segments', detail }, reason: 'Redirected', tries: '1' });
    expect(await heardBy('redirected', userId)).toHaveLength(1);
    expect((await received()).filter(({ url }) => url.includes('169.254.169.254'))).toEqual([]);
  });

  it('that refuses everything leaves letters, which a redrive counts, filters and tells once it is mended', async () => {
    const [one, other] = [unique('refused-one'), unique('refused-other')];
    for (const userId of [one, other]) await send(userId, 'refusing');
    const letters = await untilLetters('refusing', 2);
    expect(letters.map(({ reason, tries }) => [reason, tries])).toEqual(Array(2).fill(['HTTPError 400', '1']));
    const { profileId } = await profileOf(`user_id:${one}`);
    const holding = ['refusing', '--holding', profileId];
    await npmRun('destination', 'refusing', hookUrl('refusing', '200'), '--local');
    await forgetSecret('refusing');
    const rehearsal = await redrive(...holding, '--dry-run');
    expect(rehearsal.places.get('destination Refusing')).toMatchObject({ sent: 1, left: [] });
    expect((await redrive('refusing', '--reason', 'HTTPError 503')).places.get('destination Refusing')?.sent ?? 0).toBe(
      0,
    );
    expect(await heardBy('refusing', one)).toHaveLength(1);
    expect((await redrive(...holding)).places.get('destination Refusing')).toMatchObject({ sent: 1, left: [] });
    const heard = await hears('refusing', one, 2);
    expect(heard.map(({ url }) => url)).toEqual(['400', '200'].map((manner) => hookUrl('refusing', manner)));
    expect((await redrive('refusing', '--reason', '400')).places.get('destination Refusing')).toMatchObject({
      sent: 1,
    });
    await hears('refusing', other, 2);
  });

  it('that refuses the credentials is asked no more until an operator has mended them, and then told everything', async () => {
    const [first, later] = [unique('unauthorized-first'), unique('unauthorized-later')];
    await send(first, 'unauthorized');
    await hears('unauthorized', first, 1);
    await send(later, 'unauthorized');
    await eventually(async () => expect(await inQueue('unauthorized')).toBe(2));
    await npmRun('destination', 'unauthorized', hookUrl('unauthorized', '200'), '--local');
    await forgetSecret('unauthorized');
    await hears('unauthorized', later, 1, 150 * second);
    await hears('unauthorized', first, 2, 150 * second);
    const refused = (await heardBy('unauthorized')).filter(({ url }) => url === hookUrl('unauthorized'));
    expect(refused.map(({ told }) => told.userId)).toEqual([first]);
  });
});
