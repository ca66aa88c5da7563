import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const owner = (profileId: string) => ({ pk: 'identifier#user_id#u', sk: 'owner', profileId });

function person(profileId: string, ...identifiers: Identifier[]) {
  const profile = newProfile(profileId, eventOf({}));
  for (const id of identifiers) profile.identifiers.set(id, { first: minute(0), last: minute(0), linked: minute(0) });
  return toProfileItem(profile, 1, { changes: [], log: [] });
}

/** A table that answers one batch of reads after another. */
function tableOf(...answers: object[]) {
  let reads = 0;
  const send = async () => ({ Responses: { profiles: [answers[Math.min(reads++, answers.length - 1)]] } });
  const { load } = profileTable(
    { send } as unknown as DynamoDBDocumentClient,
    'profiles',
    (id) => id.replace(':', '#'),
    async () => {},
  );
  return { load: () => load(['user_id:u']), reads: () => reads };
}

it('reads again when an unmerge took the identifier from its owner in the middle of the read', async () => {
  const { load, reads } = tableOf(owner('p1'), person('p1', 'anonymous_id:a'), owner('p2'), person('p2', 'user_id:u'));
  expect((await load()).get('user_id:u')?.profile.profileId).toBe('p2');
  expect(reads()).toBe(4);
});

it('takes an owner that never lists the identifier for what it is, after bounded attempts', async () => {
  const broken = Array.from({ length: 8 }, () => [owner('p1'), person('p1', 'anonymous_id:a')]).flat();
  const { load, reads } = tableOf(...broken);
  expect((await load()).get('user_id:u')?.profile.profileId).toBe('p1');
  expect(reads()).toBe(16);
});
