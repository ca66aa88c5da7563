import { expect, it } from 'vitest';
import { newProfileId } from '../../lambdas/adapters/profile-id.ts';
import { readIdentityLog, rebuiltProfileId } from '../../lambdas/adapters/rebuilt-id.ts';
import { minute } from '../fixtures/events.ts';

async function* log(...objects: readonly object[][]): AsyncGenerator<string[]> {
  for (const entries of objects) yield entries.map((entry) => JSON.stringify(entry));
}

it('finds in the identity log which event made which profile', async () => {
  const [person, account, other] = [newProfileId(minute(1), 'users'), newProfileId(minute(1), 'accounts'), newProfileId(minute(2), 'users')];
  const { ids, unmerges } = await readIdentityLog(
    log(
      [
        { kind: 'link', profileId: person, identifier: 'user_id:ann', messageId: 'm1', at: minute(1) },
        { kind: 'link', profileId: account, identifier: 'group_id:acme', messageId: 'm1', at: minute(1) },
        { kind: 'link', profileId: person, identifier: 'email:ann@x.org', messageId: 'm3', at: minute(3) },
      ],
      [
        { kind: 'merge', profileId: person, absorbed: other, messageId: 'm2', at: minute(2) },
        ...['a', 'b'].map((apart) => ({ kind: 'unmerge', profileId: person, apart, messageId: 'operator-1', at: minute(9) })),
      ],
    ),
  );
  expect([...ids]).toEqual([
    ['users m1', person],
    ['accounts m1', account],
  ]);
  expect(unmerges).toBe(1);
  const idOf = rebuiltProfileId(ids);
  expect([idOf(minute(1), 'users', 'm1'), idOf(minute(1), 'accounts', 'm1')]).toEqual([person, account]);
});

it('makes ids as the stream does, by the event and nothing else', () => {
  const idOf = rebuiltProfileId(new Map());
  const id = idOf(minute(1), 'users', 'm1');
  expect(id.slice(0, 16)).toBe(newProfileId(minute(1), 'users').slice(0, 16));
  expect(id).toMatch(/^per_[0-9a-f]{32}$/);
  expect([idOf(minute(1), 'users', 'm1') === id, idOf(minute(1), 'users', 'm2') === id]).toEqual([true, false]);
});
