import { beforeAll, describe, expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { basic, post } from '../observed/requests.ts';
import { platform, unique } from '../platform/deployment.ts';
import { findFunction, logSince } from '../platform/functions.ts';

const users = '/v1/spaces/cdp/collections/users/profiles';
const userId = unique('profile/api 100%');
const email = `${unique('profile-api')}@example.com`;
const device = unique('device');
const groupId = unique('household');
const started = Date.now();

/** Calls the profile API, with the platform's token unless told otherwise. */
async function get(
  path: string,
  headers: Record<string, string> = { authorization: basic(platform.profileToken) },
  init: RequestInit = {},
) {
  const answer = await fetch(`${platform.profileUrl}${path}`, { headers, ...init });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const by = (type: string, value: string, view: string): string =>
  `${users}/${type}:${encodeURIComponent(value)}/${view}`;

beforeAll(async () => {
  const traits = { email: email.toUpperCase(), first_name: 'Zoë', newsletter: true };
  const batch = [
    { type: 'page', anonymousId: device, name: 'Home' },
    { type: 'identify', anonymousId: device, userId, traits },
    { type: 'group', userId, groupId, traits: { plan: 'family' } },
  ];
  await post('/v1/batch', { batch });
  await eventually(async () => expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 3 }));
});

describe('a person', () => {
  it.each([
    { type: 'user_id', value: userId },
    { type: 'email', value: email },
    { type: 'EMAIL', value: email.toUpperCase() },
    { type: 'anonymous_id', value: device },
  ])('is found by $type, however it must be encoded', async ({ type, value }) => {
    const { status, headers, body } = await get(by(type, value, 'traits'));
    expect(body.traits).toMatchObject({
      first_name: 'Zoë',
      email: email.toUpperCase(),
      newsletter: true,
      big_spenders: false,
    });
    expect([status, headers.get('request-id')]).toEqual([200, expect.stringMatching(/\S/)]);
  });

  it('is found by the address that an answer gives', async () => {
    const first = await get(`${by('email', email, 'traits')}?limit=1`);
    expect(first.body).toEqual({
      traits: { abandoned_cart: false },
      cursor: {
        url: expect.stringMatching(/\/per_[0-9a-f]{32}\/traits$/),
        has_more: true,
        next: 'big_spenders',
        limit: 1,
      },
    });
    const next = await get(`${first.body.cursor.url}?next=${first.body.cursor.next}&limit=1`);
    expect(next.body.traits).toEqual({ big_spenders: false });
  });

  it('has all the other views', async () => {
    const [ids, events, metadata, links, segments] = await Promise.all(
      ['external_ids', 'events', 'metadata?verbose=true', 'links', 'segments'].map(
        async (view) => (await get(by('user_id', userId, view))).body,
      ),
    );
    expect(ids.data.map(({ type, id }: { type: string; id: string }) => `${type}:${id}`).sort()).toEqual(
      [`anonymous_id:${device}`, `email:${email}`, `user_id:${userId}`].sort(),
    );
    expect(events.data.map(({ type }: { type: string }) => type).sort()).toEqual(['group', 'identify', 'page']);
    expect(metadata.metadata).toMatchObject({ event_count: 3, collection: 'users' });
    expect(links.data).toMatchObject([
      { to_collection: 'accounts', external_ids: [{ type: 'group_id', id: groupId }] },
    ]);
    expect(segments.data).toMatchObject([{ key: 'newsletter', entered_at: expect.any(String) }]);
  });

  it('belongs to an account with traits of its own', async () => {
    const { body } = await eventually(async () => {
      const answer = await get(`/v1/spaces/cdp/collections/accounts/profiles/group_id:${groupId}/traits`);
      expect(answer.status).toBe(200);
      return answer;
    });
    expect(body.traits).toEqual({ plan: 'family', company_revenue: 0, lapsed_companies: false });
  });
});

describe('errors', () => {
  it.each([
    {
      name: 'no token',
      path: by('email', email, 'traits'),
      headers: {} as Record<string, string>,
      status: 401,
      code: 'authentication_error',
    },
    {
      name: "a source's write key",
      path: by('email', email, 'traits'),
      headers: { authorization: basic(platform.writeKey) },
      status: 401,
      code: 'authentication_error',
    },
    { name: 'a stranger', path: by('user_id', unique('stranger'), 'traits'), status: 404, code: 'not_found' },
    { name: 'an unknown view', path: by('email', email, 'everything'), status: 404, code: 'not_found' },
    {
      name: 'an unknown collection',
      path: '/v1/spaces/cdp/collections/pets/profiles/user_id:x/traits',
      status: 400,
      code: 'validation_error',
    },
    { name: 'no address', path: by('email', 'ann', 'traits'), status: 400, code: 'validation_error' },
    {
      name: 'too high a limit',
      path: `${by('email', email, 'traits')}?limit=201`,
      status: 400,
      code: 'invalid_request_error',
    },
  ])('$name: $status $code', async ({ path, headers, status, code }) => {
    expect(await get(path, headers)).toMatchObject({
      status,
      body: { error: { code, message: expect.stringMatching(/\w/) } },
    });
  });

  it('pages of other sites are told nothing', async () => {
    const preflight = await fetch(`${platform.profileUrl}${by('email', email, 'traits')}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    const { headers } = await get(by('email', email, 'traits'), {
      authorization: basic(platform.profileToken),
      origin: 'https://shop.example',
    });
    expect([preflight.headers, headers].map((given) => given.get('access-control-allow-origin'))).toEqual([null, null]);
    expect(preflight.ok).toBe(false);
  });

  it('and no log names anybody', async () => {
    const log = await logSince(await findFunction('profile'), started);
    for (const personal of [userId, email, device, encodeURIComponent(email), platform.profileToken])
      expect(log).not.toContain(personal);
  });
});

describe('npm run token', () => {
  const run = (...args: string[]) => npmRun('token', ...args, '--local');
  const tryToken = async (token: string) =>
    (await get(by('email', email, 'metadata'), { authorization: basic(token) })).status;

  it('makes a token that is let in at once or within seconds, beside the others, and names it', async () => {
    const { stdout } = await run('shop/production');
    const token = stdout.trim();
    expect(token).toMatch(/^cdp_[\w-]{43}$/);
    await eventually(async () => expect(await tryToken(token)).toBe(200));
    expect(await tryToken(platform.profileToken)).toBe(200);
    const listed = (await run('--list')).stdout;
    expect(listed).toMatch(/^local\t.+\nshop\/production\t\d{4}-/);
    expect(listed).not.toContain(token);
    expect((await run('--revoke', 'shop/production')).stdout).toBe('shop/production is revoked\n');
    expect((await run('--list')).stdout).not.toContain('production');
  });

  it.each([
    { args: ['local'], code: 1, says: 'there is a token "local" already' },
    { args: ['--revoke', 'nobody'], code: 1, says: 'there is no token "nobody"' },
    { args: [], code: 2, says: 'npm run token -- <name>' },
    { args: ['one', '--list'], code: 2, says: 'npm run token -- <name>' },
  ])('answers $args with $says', async ({ args, code, says }) => {
    const failure = (await run(...args).catch((error) => error)) as { code: number; stdout: string; stderr: string };
    expect(failure.code).toBe(code);
    expect(failure.stdout + failure.stderr).toContain(says);
  });
});
