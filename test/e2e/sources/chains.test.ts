import { expect, it } from 'vitest';
import { pullWarehouse, startWarehouse } from '../../../local/demo/systems/warehouse.ts';
import { pages, type Question } from '../../fixtures/sources/contacts-api.ts';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { platform } from '../platform/deployment.ts';
import { changesOf, drop, resultOf, summaryOf } from './lake-imports.ts';
import { wideFile } from './large-file.ts';
import { rowsOf, statesOf } from './operating.ts';
import { person } from './people.ts';
import { pull, recordsAtRest, secretOf, storeSecret } from './pulling.ts';

const done = { JobRunState: 'SUCCEEDED' };
const patiently = { within: 200_000, every: 1_000 };
const questions = async (): Promise<Question[]> => (await fetch(`${platform.receiverUrl}/told`)).json() as never;

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
    await eventually(async () => expect(await person(email)).toEqual([city, 1]), patiently);

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
  await drop('book', '1.csv', bookOf([...first, [9, 'Ulm', '3026-05-01T08:00:00Z']]));
  for (const [id, city] of first)
    await eventually(async () => expect(await person(`book${id}@shop.example`)).toEqual([city, 1]), patiently);

  await recordsAtRest();
  await drop('book', '2.csv', bookOf(second));
  await eventually(async () => expect(await person('book2@shop.example')).toEqual(['Bonn', 2]), patiently);
  const told = await changesOf('book');
  expect(told.slice(5)).toEqual([{ kind: 'updated', id: '2', changed: { city: 'Bonn' } }]);

  await recordsAtRest();
  await drop('book', '3.csv', bookOf(second.slice(0, 3)));
  const { load } = await eventually(() => summaryOf('book', '3.csv'), patiently);
  const result = await eventually(() => resultOf('book', load), patiently);
  expect(result).toMatchObject({ state: 'asks', reason: 'it lacks 2 of 5 known records' });
  expect(await changesOf('book')).toEqual(told);
  // The result is there before the run has ended, and only one runs at a time.
  await recordsAtRest();
  await npmRun('job', 'records', '--argument', `accept=book/${load}`, '--local');
  for (const id of [4, 5])
    await eventually(async () => expect(await person(`book${id}@shop.example`)).toEqual([null, 2]), patiently);
  const gone = (await changesOf('book')).slice(6);
  expect(gone.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(['deleted 4', 'deleted 5']);
}, 900_000);

it('what a query finds becomes a trait and membership of a segment, and so does what changed', async () => {
  const isIn = async (id: number) => (await profileOf(`email:book${id}@shop.example`)).segments.includes('oslo');
  await npmRun('job', 'queries', '--local');
  await eventually(async () => expect(await Promise.all([1, 2, 3].map(isIn))).toEqual([true, false, true]), patiently);
  expect((await person('book2@shop.example', 'lives_in'))[0]).toBe('Bonn');

  const moved = second.slice(0, 3).map((row) => (row[0] === 3 ? ([3, 'Rome', '2026-05-03T08:00:00Z'] as const) : row));
  await recordsAtRest();
  await drop('book', '4.csv', bookOf(moved));
  await eventually(async () => expect((await person('book3@shop.example'))[0]).toBe('Rome'), patiently);
  await npmRun('job', 'queries', '--local');
  await eventually(async () => expect(await Promise.all([1, 2, 3].map(isIn))).toEqual([true, false, false]), patiently);
  expect((await changesOf('homes')).slice(3)).toEqual([
    { kind: 'updated', id: 'book3@shop.example', changed: { city: 'Rome' } },
  ]);
});

it('a file that is too large for the function is split by the job, and becomes the same events', async () => {
  const rows = Array.from({ length: 283 }, (_, n) =>
    JSON.stringify({ id: n, at: '2026-05-01T08:00:00Z', user: `u${n % 7}` }),
  );
  const torn = '{"id": 283,';
  await drop('orders', 'large.ndjson', wideFile([...rows, torn]));
  const sent = async () => (await rawEvents()).filter(({ sourceId }) => sourceId === 'orders');
  // Each row names the file that it came in.
  const forms = (lines: readonly object[]) =>
    lines
      .map((line) => JSON.stringify({ ...line, receivedAt: '' }).replace(/files\/orders\/\w+/, 'files/orders/either'))
      .sort();
  await eventually(async () => expect(await sent()).toHaveLength(rows.length), { within: 600_000, every: 1_000 });
  expect(await summaryOf('orders', 'large.ndjson')).toMatchObject({ state: 'staged', rows: 284, bad: 1 });
  const byJob = forms(await sent());
  expect(new Set(byJob).size).toBe(rows.length);

  await drop('orders', 'small.ndjson', `${[...rows, torn].join('\n')}\n`);
  await eventually(async () => expect(await sent()).toHaveLength(2 * rows.length), patiently);
  expect(new Set(forms(await sent()))).toEqual(new Set(byJob));
  const counts = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => profileOf(`user_id:u${n}`)));
  expect(counts.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(rows.length);
}, 900_000);

it('a database is read by its job: its rows become events', async () => {
  const stored = { cents: 1_990, state: 'shipped' as const, changed: Date.parse('2026-05-01T08:00:00Z') };
  const orders = [1, 2].map((n) => ({ ...stored, id: `stored-${n}`, userId: `stored-${n}` }));
  const warehouse = await startWarehouse([...orders, { ...stored, id: 'x'.repeat(501), userId: 'stored-3' }]);
  await pullWarehouse(platform, warehouse).finally(warehouse.stop);
  for (const { userId } of orders)
    await eventually(async () => expect((await profileOf(`user_id:${userId}`)).eventCount).toBe(1), patiently);
});

it('its status counts what came from each source, was sent and was refused, and says how its last run ended', async () => {
  const last = 'the last (within an hour|more than \\d+ \\w+ ago)';
  const wanted = {
    'shop-api': `8 rows read, 3 sent, 2 refused in 24 h; ${last}; the last run SUCCEEDED`,
    fenced: '0 rows read, 0 sent in 24 h; no rows in 7 days; the last run FAILED',
    book: `17 rows read, 9 sent, 1 refused in 24 h; ${last}; the last file staged`,
    orders: `568 rows read, 566 sent, 2 refused in 24 h; ${last}; the last file staged`,
    homes: `8 rows read, 4 sent, 2 refused in 24 h; ${last}; the last load done`,
    warehouse: `3 rows read, 2 sent, 1 refused in 24 h; ${last}; the last run SUCCEEDED`,
  };
  await eventually(async () => {
    const states = await statesOf(Object.keys(wanted));
    for (const [id, state] of Object.entries(wanted)) expect(states[id]?.state).toMatch(new RegExp(`^${state}`));
    expect(states.fenced?.wrong).toContain('its last run: ');
  }, patiently);
});

it('what is said of somebody names the row that said it, also a row of an API, a database or a query', async () => {
  await npmRun('job', 'events', '--local');
  const contact = (id: string) => ({ object: 'contacts', id });
  const [book2, asked3] = ['book2@shop.example', 'asked3@shop.example'];
  expect(await rowsOf(`email:${book2}`)).toMatchObject({
    city: { ...contact('2'), file: 'imports/files/book/2.csv', line: 3 },
    lives_in: { object: 'homes', id: book2 },
    'book_contact:2': { ...contact('2'), file: 'imports/files/book/1.csv', line: 3 },
  });
  expect(await rowsOf(`email:${asked3}`)).toMatchObject({ city: { ...contact('3'), file: 'GET /contacts', row: 3 } });
  expect(await rowsOf('user_id:stored-1')).toEqual({
    'user_id:stored-1': { object: 'orders', id: 'stored-1', file: 'postgresql shop, sales.orders' },
  });
});
