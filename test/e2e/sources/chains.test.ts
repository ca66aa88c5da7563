import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pages, type Question } from '../../fixtures/sources/contacts-api.ts';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { platform } from '../platform/deployment.ts';
import { changesOf, drop, resultOf, summaryOf } from './lake-imports.ts';
import { pull, recordsAtRest, secretOf, storeSecret } from './pulling.ts';

const done = { JobRunState: 'SUCCEEDED' };
const patiently = { within: 200_000, every: 1_000 };
const questions = async (): Promise<Question[]> => (await fetch(`${platform.receiverUrl}/told`)).json() as never;

/** A trait of whoever has an e-mail address, and how many events they are made of. */
const person = async (email: string, trait: string): Promise<[unknown, number]> => {
  const { traits, eventCount } = await profileOf(`email:${email}`);
  return [traits[trait], eventCount];
};

it('an API is read by its job: its pages become profiles, and what comes again is sent no more', async () => {
  const login = { clientId: 'c', clientSecret: 's' };
  await storeSecret('shop-api', { ...login, refreshToken: 'refresh-0' });
  expect(await pull('shop-api')).toMatchObject(done);
  // The token of the first page is not good for the second.
  expect((await questions()).map(({ path, status }) => [path, status])).toEqual([
    ['/token', 200],
    ['/contacts', 200],
    ['/contacts', 401],
    ['/token', 200],
    ['/contacts', 200],
  ]);
  expect(await secretOf('shop-api')).toEqual({ ...login, refreshToken: 'refresh-2' });
  for (const { email, city } of pages.flat())
    await eventually(async () => expect(await person(email, 'city')).toEqual([city, 1]), patiently);

  const told = await changesOf('shop-api');
  expect(told.map(({ kind }) => kind)).toEqual(['created', 'created', 'created']);
  expect(await pull('shop-api')).toMatchObject(done);
  expect(await changesOf('shop-api')).toEqual(told);
});

it('an API in the own network is not asked if the configuration does not name it', async () => {
  const asked = (await questions()).length;
  await storeSecret('fenced', { clientId: 'c', clientSecret: 's', refreshToken: 'r' });
  expect(await pull('fenced')).toMatchObject({ JobRunState: 'FAILED' });
  expect(await questions()).toHaveLength(asked);
});

const bookOf = (rows: readonly (readonly [id: number, city: string, updated: string])[]): string =>
  [
    'id,email,city,updated',
    ...rows.map(([id, city, updated]) => `${id},book${id}@shop.example,${city},${updated}`),
    '',
  ].join('\n');
const first = [1, 2, 3, 4, 5].map((id) => [id, id < 4 ? 'Oslo' : 'Rome', '2026-05-01T08:00:00Z'] as const);
const second = first.map((row) => (row[0] === 2 ? ([2, 'Bonn', '2026-05-02T08:00:00Z'] as const) : row));

it('an export of contacts becomes profiles, a changed one its changes, and a shrunk one waits for a word', async () => {
  await drop('book', '1.csv', bookOf(first));
  for (const [id, city] of first)
    await eventually(async () => expect(await person(`book${id}@shop.example`, 'city')).toEqual([city, 1]), patiently);

  await recordsAtRest();
  await drop('book', '2.csv', bookOf(second));
  await eventually(async () => expect(await person('book2@shop.example', 'city')).toEqual(['Bonn', 2]), patiently);
  const told = await changesOf('book');
  expect(told.slice(5)).toEqual([{ kind: 'updated', id: '2', changed: { city: 'Bonn' } }]);

  await recordsAtRest();
  await drop('book', '3.csv', bookOf(second.slice(0, 3)));
  const { load } = await eventually(() => summaryOf('book', '3.csv'), patiently);
  const result = await eventually(() => resultOf('book', load), patiently);
  expect(result).toMatchObject({ state: 'asks', reason: 'it lacks 2 of 5 known records' });
  expect(await changesOf('book')).toEqual(told);
  await npmRun('job', 'records', '--argument', `accept=book/${load}`, '--local');
  for (const id of [4, 5])
    await eventually(async () => expect(await person(`book${id}@shop.example`, 'city')).toEqual([null, 2]), patiently);
  const gone = (await changesOf('book')).slice(6);
  expect(gone.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(['deleted 4', 'deleted 5']);
});

it('what a query finds becomes a trait and membership of a segment, and so does what changed', async () => {
  const isIn = async (id: number) => (await profileOf(`email:book${id}@shop.example`)).segments.includes('oslo');
  await npmRun('job', 'queries', '--local');
  await eventually(async () => expect(await Promise.all([1, 2, 3].map(isIn))).toEqual([true, false, true]), patiently);
  expect((await person('book2@shop.example', 'lives_in'))[0]).toBe('Bonn');

  const moved = second.slice(0, 3).map((row) => (row[0] === 3 ? ([3, 'Rome', '2026-05-03T08:00:00Z'] as const) : row));
  await recordsAtRest();
  await drop('book', '4.csv', bookOf(moved));
  await eventually(async () => expect((await person('book3@shop.example', 'city'))[0]).toBe('Rome'), patiently);
  await npmRun('job', 'queries', '--local');
  await eventually(async () => expect(await Promise.all([1, 2, 3].map(isIn))).toEqual([true, false, false]), patiently);
  expect((await changesOf('homes')).slice(3)).toEqual([
    { kind: 'updated', id: 'book3@shop.example', changed: { city: 'Rome' } },
  ]);
});

/** 500 blanks, of which the last are tabs or spaces by the bits of a hash. */
const blanks = (number: number): string => {
  const bits = Math.imul(number + 1, 0x9e3779b1);
  return ' '.repeat(468) + Array.from({ length: 32 }, (_, n) => ((bits >>> n) & 1 ? '\t' : ' ')).join('');
};

it('a file that is too large for the function is split by the job, and becomes the same events', async () => {
  const rows = Array.from({ length: 283 }, (_, n) =>
    JSON.stringify({ id: n, at: '2026-05-01T08:00:00Z', user: `u${n % 7}` }),
  );
  // Blanks before a row are none of it. These pack forty times; what packs more than a hundred times is a bomb.
  const wide = rows.map(
    (row, n) => `${Array.from({ length: 1_900 }, (_, at) => blanks(1_900 * n + at)).join('')}${row}\n`,
  );
  await drop('orders', 'large.ndjson', gzipSync(wide.join(''), { level: 1 }));
  const sent = async () => (await rawEvents()).filter(({ sourceId }) => sourceId === 'orders');
  // Each row names the file that it came in.
  const forms = (lines: readonly object[]) =>
    lines
      .map((line) => JSON.stringify({ ...line, receivedAt: '' }).replace(/files\/orders\/\w+/, 'files/orders/either'))
      .sort();
  await eventually(async () => expect(await sent()).toHaveLength(rows.length), { within: 600_000, every: 1_000 });
  expect(await summaryOf('orders', 'large.ndjson')).toMatchObject({ state: 'staged', rows: 283, bad: 0 });
  const byJob = forms(await sent());
  expect(new Set(byJob).size).toBe(rows.length);

  await drop('orders', 'small.ndjson', `${rows.join('\n')}\n`);
  await eventually(async () => expect(await sent()).toHaveLength(2 * rows.length), patiently);
  expect(new Set(forms(await sent()))).toEqual(new Set(byJob));
  const counts = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => profileOf(`user_id:u${n}`)));
  expect(counts.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(rows.length);
}, 900_000);
