import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { config } from '../../cdp.config.ts';
import { checkImport } from '../../lambdas/operations/check-import.ts';
import { differences, type Measured } from '../../local/demo/findings/findings.ts';
import { importedFrom, learnedFrom, systemSources, systemsCounts } from '../../local/demo/findings/systems.ts';
import { truthOf } from '../../local/demo/findings/truth.ts';
import { readOrdersFile } from '../../local/demo/shop/orders-file.ts';
import { writeScript } from '../../local/demo/shop/script.ts';
import { inventSystems } from '../../local/demo/shop/systems.ts';

const now = new Date('2026-03-14T15:09:26Z');
const script = writeScript({ orders: await readOrdersFile(), now, seed: 1 });
const systems = inventSystems(script.people, now.getTime(), 1);
const nothing: Measured = {
  accepted: 0,
  rawZone: { ids: [], imported: new Map() },
  profiles: { live: [], tombstones: 0 },
  deliveries: [],
  advertised: [],
  lake: { events: 0, rejected: 0, customers: 0, people: [] },
  systems: { rows: 0, bad: 0, accepted: 0, refused: 0, records: new Map() },
};
const folder = mkdtempSync(join(tmpdir(), 'crm-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  { name: 'the first export', csv: systems.crm.first.csv, good: systems.crm.first.taken.length, bad: 3 },
  { name: 'the second export', csv: systems.crm.second.csv, good: systems.crm.second.taken.length, bad: 0 },
])('$name of the CRM has the rows and the faults that the demo expects', async ({ csv, good, bad }) => {
  const path = join(folder, 'contacts.csv');
  writeFileSync(path, csv);
  const asked = { path, sourceId: systemSources.crm, object: undefined, shards: 1, now: now.getTime() };
  expect(await checkImport(config, asked)).toMatchObject({ tally: { rows: good + bad, good, bad } });
});

it('each event of a system is about somebody', () => {
  const learned = [...learnedFrom(systems).values()].reduce((sum, { messages }) => sum + messages, 0);
  const imported = importedFrom(systems).reduce((sum, { messages }) => sum + messages, 0);
  expect(learned).toBe(imported);
  const { first, second, gone } = systems.crm;
  expect(second.taken.length).toBe(first.taken.length + first.faulty - gone.length);
});

it("a customer's address of the CRM is an identifier, and never the one of the profile", () => {
  const { profiles } = truthOf(script, new Set(), systems);
  const known = systems.crm.first.taken.filter(({ customer }) => customer !== '');
  expect(known.length).toBeGreaterThan(100);
  for (const { customer, email } of known) {
    expect(profiles.get(customer)?.identifiers).toContain(`email:${email}`);
    expect(profiles.get(customer)?.traits.email).not.toBe(email);
  }
});

it('what a system did not tell is a difference', () => {
  const found = differences(truthOf(script, new Set(), systems), nothing);
  for (const says of [/^events of crm-export/, /^events of payments/, /^orders of the database/])
    expect(found).toContainEqual(expect.stringMatching(says));
});

it('a system that is left out is not expected', () => {
  expect(systemsCounts({}, nothing.systems)).toEqual([]);
  expect(importedFrom({ payments: systems.payments }).map(({ source }) => source)).toEqual(['payments']);
});
