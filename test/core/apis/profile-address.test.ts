import { describe, expect, it } from 'vitest';
import { readAddress, usualCollection } from '../../../lambdas/core/apis/profile-address.ts';

const ownId = `per_${'0123456789abcdef'.repeat(2)}`;

describe('an address', () => {
  it.each([
    { text: 'user_id:u-1', address: { identifier: 'user_id:u-1' } },
    { text: 'USER_ID:U-1', address: { identifier: 'user_id:U-1' } },
    { text: 'email: Ann@Example.COM ', address: { identifier: 'email:ann@example.com' } },
    { text: 'phone:+1 (201) 555-0123', address: { identifier: 'phone:+12015550123' } },
    { text: 'ios.idfa:A:B/C', address: { identifier: 'ios.idfa:A:B/C' } },
    { text: 'anonymous_id:żółw', address: { identifier: 'anonymous_id:żółw' } },
    { text: `profile_id:${ownId}`, address: { profileId: ownId } },
    { text: `segment_id:${ownId}`, address: { profileId: ownId } },
    { text: ownId, address: { profileId: ownId } },
  ])('$text', ({ text, address }) => expect(readAddress(text)).toEqual({ ok: true, address }));

  it.each([
    { text: 'ann', problem: 'type:value' },
    { text: ':ann', problem: 'type:value' },
    { text: '1st:ann', problem: 'type:value' },
    { text: 'user_id:', problem: '1 to 500' },
    { text: `user_id:${'u'.repeat(501)}`, problem: '1 to 500' },
    { text: 'email:ann', problem: 'email address' },
    { text: 'phone:2015550123', problem: 'country code' },
  ])('not $text', ({ text, problem }) => {
    const read = readAddress(text);
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
    expect(JSON.stringify(read)).not.toContain('ann');
  });
});

it.each([
  { text: 'group_id:acme', address: { identifier: 'group_id:acme' }, usual: 'accounts' },
  { text: 'users/group_id:acme', address: { identifier: 'group_id:acme', collection: 'users' }, usual: 'accounts' },
  { text: 'accounts/group_id:a/b', address: { identifier: 'group_id:a/b', collection: 'accounts' }, usual: 'accounts' },
  { text: 'users/email:Ann@X.org', address: { identifier: 'email:ann@x.org', collection: 'users' }, usual: 'users' },
  { text: 'user_id:users/email:a', address: { identifier: 'user_id:users/email:a' }, usual: 'users' },
] as const)('$text may say whose it is', ({ text, address, usual }) => {
  expect(readAddress(text)).toEqual({ ok: true, address });
  expect(usualCollection(address.identifier)).toBe(usual);
});

it('says what is wrong behind a collection as without one', () =>
  expect(readAddress('users/email:nobody')).toMatchObject({ ok: false }));
