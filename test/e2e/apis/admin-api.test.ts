import { describe, expect, it } from 'vitest';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { basic, post } from '../observed/requests.ts';
import { platform, unique } from '../platform/deployment.ts';
import { findFunction, logSince } from '../platform/functions.ts';

const started = Date.now();
const ann = unique('admin-ann');
const phone = unique('admin-phone');
const bob = `${unique('admin-bob')}@example.com`;
const countOf = async (identifier: string): Promise<number> => (await profileOf(identifier)).eventCount;

/** Calls the admin API, with the platform's token unless told otherwise. */
async function call(path: string, init: RequestInit = {}) {
  const answer = await fetch(`${platform.adminUrl}/v1/profiles/${path}`, {
    headers: { authorization: basic(platform.adminToken) },
    ...init,
  });
  return { status: answer.status, body: await answer.json() };
}
const unmerge = (address: string, body: object) =>
  call(`${address}/unmerge`, { method: 'POST', body: JSON.stringify(body) });

/** What a clerk typed wrongly: Ann's order with Bob's address. */
const mixUp = () => post('/v1/identify', { userId: ann, traits: { email: bob } });

describe('two people who were wrongly made one', () => {
  it('are explained, parted, and stay apart', async () => {
    await post('/v1/identify', { userId: ann, traits: { first_name: 'Ann' } });
    await eventually(async () => expect(await countOf(`user_id:${ann}`)).toBe(1));
    await post('/v1/identify', { anonymousId: phone, traits: { email: bob, first_name: 'Bob' } });
    await eventually(async () => expect(await countOf(`email:${bob}`)).toBe(1));
    await mixUp();
    await eventually(async () => expect(await countOf(`user_id:${ann}`)).toBe(3));

    const { status, body: why } = await call(`email:${encodeURIComponent(bob)}/explain`);
    expect([status, why.merges]).toMatchObject([
      200,
      [{ rule: 'one event named both', undoable: true, messageId: expect.any(String) }],
    ]);
    const [{ absorbed }] = why.merges;

    const preview = await unmerge(absorbed, {});
    expect(preview).toMatchObject({
      status: 200,
      body: { done: false, left: { profileId: why.profileId }, parted: { profileId: absorbed } },
    });
    expect(await countOf(`user_id:${ann}`)).toBe(3);
    expect(await unmerge(absorbed, { apply: true })).toMatchObject({ status: 200, body: { done: true } });
    expect((await profileOf(`email:${bob}`)).profileId).toBe(absorbed);

    await mixUp();
    await eventually(async () => expect(await countOf(`user_id:${ann}`)).toBe(3));
    expect((await profileOf(`email:${bob}`)).profileId).toBe(absorbed);
    expect((await call(`user_id:${ann}/explain`)).body.apart).toEqual([absorbed]);
  });
});

describe('errors', () => {
  const headers = (token: string) => ({ headers: { authorization: basic(token) } });
  it.each([
    {
      name: 'a token of the profile API opens nothing here',
      path: `user_id:${ann}/explain`,
      init: headers(platform.profileToken),
      status: 401,
    },
    { name: 'nor does a write key', path: `user_id:${ann}/explain`, init: headers(platform.writeKey), status: 401 },
    { name: 'a stranger', path: `user_id:${unique('nobody')}/explain`, init: {}, status: 404 },
    { name: 'no address', path: 'ann/explain', init: {}, status: 400 },
    { name: 'the last identifier', path: `user_id:${ann}/unmerge`, init: { method: 'POST' }, status: 422 },
  ])('$name: $status', async ({ path, init, status }) => {
    const answer = await call(path, 'headers' in init ? init : { ...init, ...headers(platform.adminToken) });
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringMatching(/\w/) } } });
  });

  it('a token of the admin API opens no profile', async () => {
    const path = `/v1/spaces/cdp/collections/users/profiles/user_id:${ann}/traits`;
    expect((await fetch(`${platform.profileUrl}${path}`, headers(platform.adminToken))).status).toBe(401);
  });

  it('and no log names anybody', async () => {
    const log = await logSince(await findFunction('admin'), started);
    for (const personal of [ann, bob, phone, platform.adminToken]) expect(log).not.toContain(personal);
  });
});
