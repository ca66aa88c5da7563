import { expect, it } from 'vitest';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { changesOf, drop } from './lake-imports.ts';
import { asOperator } from './operating.ts';
import { recordsAtRest } from './pulling.ts';

const patiently = { within: 380_000, every: 1_000 };
const listOf = (...ids: readonly number[]): string =>
  ['id,email,city,updated', ...ids.map((id) => `${id},member${id}@shop.example,Oslo,2026-05-01T08:00:00Z`), ''].join(
    '\n',
  );

interface Request {
  readonly requestId: string;
  readonly state: string;
  readonly type: string;
  readonly source?: string;
}
const requests = async (): Promise<readonly Request[]> => JSON.parse(await asOperator('privacy', 'list', '--json'));

it('a record that is deleted asks for an erasure, which an officer lets run', async () => {
  await drop('members', '1.csv', listOf(1, 2, 3));
  for (const id of [1, 2, 3]) await eventually(() => profileOf(`email:member${id}@shop.example`), patiently);
  expect(await requests()).toEqual([]);
  await recordsAtRest();
  await drop('members', '2.csv', listOf(1, 2));
  const filed = { type: 'erasure', source: 'members' };
  await eventually(async () => expect(await requests()).toMatchObject([{ ...filed, state: 'received' }]), patiently);
  expect((await changesOf('members')).slice(3)).toMatchObject([{ kind: 'deleted', id: '3' }]);

  const run = () => asOperator('privacy', 'run', '--source', 'members', '--json').then(JSON.parse);
  await eventually(async () => expect(await run()).toMatchObject([{ request: { state: 'waiting' } }]), patiently);
  expect(await requests()).toMatchObject([{ ...filed, state: 'waiting' }]);
}, 900_000);
