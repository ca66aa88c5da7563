import { describe, expect, it } from 'vitest';
import { gatewayRequest } from '../../lambdas/core/apis/gateway-request.ts';
import { readAdminRequest } from '../../lambdas/functions/admin/request.ts';
import { findCollectRoute } from '../../lambdas/functions/collect/route.ts';
import { httpRequest } from '../fakes/http-request.ts';
import { journey } from '../fixtures/in-memory/journey.ts';
import { accounts, asGatewayDecodes, users } from '../fixtures/in-memory/profile-api.ts';

/** Ids that a path, an escape, a gateway or a regular expression could take for something else. */
const ids = [
  ...[
    'a/b',
    '/',
    '//',
    'a//b',
    '/a',
    'a/',
    'a/traits',
    'traits/',
    'a/traits/',
    '..',
    '.',
    '../x',
    'a\\b',
    'users/x',
    'accounts/x',
    'user_id:x',
    ':',
    'a:b',
  ],
  ...[
    '%',
    '%%',
    '%25',
    '%2',
    '100%',
    '%zz',
    '%00',
    '%2F',
    '%252F',
    'a%2Fb',
    '%E0%A4%A',
    '%F0%9F%98%80',
    'a+b',
    'a b',
    'a?b',
    'a#b',
    'a&b=c',
    'a;b',
  ],
  ...[
    '😀',
    '😀/😀',
    '👩‍👩‍👧',
    'é',
    'e\u0301',
    'a\u202eb',
    'a\u2028b',
    '\uffff',
    '\ufffd',
    'a\u200bb',
    '😀'.repeat(250),
    'x'.repeat(500),
  ],
  ...[
    '\u0000',
    'a\u0000b',
    'a\u0001b',
    '\u001f',
    '\u007f',
    'a\nb',
    'a\r\nb',
    'a\tb',
    '"q"',
    '<x>',
    '{}',
    'constructor',
    '__proto__',
  ],
  ...[
    '/v1/spaces/cdp/collections/users/profiles/user_id:z/traits',
    '/v1/profiles/user_id:z/explain',
    `per_${'0'.repeat(32)}`,
  ],
];

const stated = {
  user_id: (id: string) => ({ type: 'identify', userId: id, traits: { stated: id } }),
  anonymous_id: (id: string) => ({ type: 'identify', anonymousId: id, traits: { stated: id } }),
  group_id: (id: string) => ({ type: 'group', userId: 'member', groupId: id, traits: { stated: id } }),
};

describe.each(Object.entries(stated))('each of the odd ids as %s', (type, event) => {
  it.each(ids.map((id) => [JSON.stringify(id).slice(0, 60), id]))(
    '%s leads to its own profile, in every view',
    async (_, id) => {
      const { get, quarantined, answer } = await journey([event(id), event(`${id}-another`.slice(-500))]);
      expect({ status: answer.status, body: answer.body, quarantined }).toEqual({
        status: 200,
        body: { success: true },
        quarantined: [],
      });
      const list = type === 'group_id' ? accounts : users;
      const at = `${list}/${type}:${encodeURIComponent(id)}`;
      expect(await get(`${at}/traits`)).toMatchObject({ status: 200, body: { traits: { stated: id } } });
      const { body } = await get(`${at}/external_ids`);
      expect(body.data).toMatchObject([{ type, id }]);
      for (const view of ['events', 'metadata', 'segments']) expect((await get(`${at}/${view}`)).status).toBe(200);
    },
  );
});

it.each(ids.map((id) => [JSON.stringify(id).slice(0, 60), id]))('the admin API reads %s as it was meant', (_, id) => {
  const path = (action: string) => asGatewayDecodes(`/v1/profiles/user_id:${encodeURIComponent(id)}/${action}`);
  const address = `user_id:${id}`;
  expect(readAdminRequest(gatewayRequest(httpRequest({ method: 'GET', path: path('explain') })))).toEqual({
    kind: 'explain',
    address,
  });
  expect(readAdminRequest(gatewayRequest(httpRequest({ path: path('unmerge'), body: '{"apply":true}' })))).toEqual({
    kind: 'unmerge',
    address,
    apply: true,
  });
});

it.each(ids.filter((id) => !id.includes('/')).map((id) => [JSON.stringify(id).slice(0, 60), id]))(
  'the settings are asked for with the key %s',
  (_, id) => {
    const path = asGatewayDecodes(`/v1/projects/${encodeURIComponent(id)}/settings`);
    expect(findCollectRoute('GET', path)).toEqual({ kind: 'settings', writeKey: id, base: '' });
  },
);
