import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { writeAccess } from '../../../bin/privacy/access-files.ts';
import { configOf } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing } from '../../fixtures/in-memory/ann-and-bob.ts';
import { officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';
import { reportsInMemory } from '../../fixtures/in-memory/reports.ts';

const id = requestIdOf(1);
const settings = { sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key', defaultCountry: 'US' }] } as const;
let to: string;
beforeEach(async () => {
  to = join(await mkdtemp(join(tmpdir(), 'access-')), 'reports');
});

/** Ann's request, and what writes its report. */
async function requested(type: 'access' | 'portability' | 'suppress', overrides = {}) {
  const table = await annAndBob();
  const officer = officerInMemory(table, configOf());
  await fileAndRun(officer, filing(1, type), 'user_id:ann');
  const { reporter } = reportsInMemory(table, { sources: [...settings.sources] }, overrides);
  return { officer, write: () => writeAccess(reporter, { id, to, yes: false }) };
}

it('a report is two files that only this user reads, and the request knows that it is written', async () => {
  const { officer, write } = await requested('access');
  const said = await write();
  expect(said).toContain(`${join(to, `${id}.json`)} and ${join(to, `${id}.html`)}: what is stored about the person`);
  expect(said).toContain(`npm run privacy -- answer ${id}`);
  expect((await stat(to)).mode & 0o777).toBe(0o700);
  for (const name of [`${id}.json`, `${id}.html`]) {
    expect((await stat(join(to, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(to, name), 'utf8')).toContain('ann@example.com');
  }
  expect(await officer.show(id)).toMatchObject({ state: 'waiting', reportedAt: expect.any(String) });
});

it.each(['json', 'html'])(
  'a file .%s that is there is not overwritten, and nothing is written beside it',
  async (end) => {
    const { officer, write } = await requested('access');
    await write();
    const other = join(to, `${id}.${end === 'json' ? 'html' : 'json'}`);
    await writeFile(join(to, `${id}.${end}`), 'mine');
    const before = await readFile(other, 'utf8');
    await expect(write()).rejects.toThrow('is there already, and is not overwritten');
    expect(await readFile(join(to, `${id}.${end}`), 'utf8')).toBe('mine');
    expect(await readFile(other, 'utf8')).toBe(before);
    expect(await officer.answer(id)).toMatchObject({ state: 'completed' });
  },
);

it('for portability there is one file', async () => {
  await (await requested('portability')).write();
  expect(await readdir(to)).toEqual([`${id}.json`]);
});

it('a report that is refused writes nothing', async () => {
  await expect((await requested('suppress')).write()).rejects.toThrow('which has no report');
  expect(await readdir(to)).toEqual([]);
});

it('tells that the lake could not be asked', async () => {
  const ask = async () => {
    throw new Error('no such table');
  };
  expect(await (await requested('access', { ask })).write()).toContain(
    'EVENTS ARE MISSING: the lake could not be asked: Error: no such table',
  );
});
