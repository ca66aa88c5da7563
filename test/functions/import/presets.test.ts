import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { pullsIn } from '../../../lambdas/core/config/pull-jobs.ts';
import { pullPresetNames, pullPresets } from '../../../lambdas/core/sources/pulls/presets.ts';
import { importWorld, timeLeft } from '../../fixtures/in-memory/import.ts';

const page = readFileSync('docs/sources/apis.md', 'utf8');

/** The section of each preset: the source as it is configured, a row that the job reads, and what it becomes. */
const sections = pullPresetNames.map((preset) => {
  const section = page.split(/^### /m).find((each) => each.includes(`preset: '${preset}'`)) ?? '';
  const [[, source = ''] = [], [, row = ''] = [], [, events = ''] = []] = section.matchAll(/```\w+\n(.*?)```/gs);
  return { preset, section, source: Function(`return ${source}`)(), row: JSON.parse(row), events: JSON.parse(events) };
});

const becoming = async (
  source: object,
  row: { readonly object: string; readonly columns: Record<string, unknown> },
) => {
  const [read] = pullsIn(parseConfig({ sources: [source] }).sources);
  const declared = read?.objects.find(({ object }) => object === row.object);
  const key = declared?.key.map((name) => row.columns[name]);
  const { [declared?.rows === 'records' ? (declared.updatedAt ?? '') : '']: at, ...changed } = row.columns;
  const record = {
    object: row.object,
    id: String(key?.[0]),
    kind: 'created',
    changed,
    columns: row.columns,
    hash: 'h',
  };
  const line =
    declared?.rows === 'records' ? { record: { ...record, at } } : { row: row.columns, place: { file: row.object } };
  const world = importWorld([{ ...declared }]);
  await world.worker()(world.stage([line]), timeLeft());
  expect(world.quarantine()).toEqual([]);
  return world.events();
};

describe('a row of an API', () => {
  it.each(sections)('of $preset becomes what the page about APIs shows', async ({ source, row, events }) => {
    const sent = await becoming(source, row);
    expect(sent).toMatchObject(events);
    expect(sent).toHaveLength(events.length);
  });

  it.each(sections)('of $preset is checked against the documentation that its section names', ({ preset, section }) => {
    for (const address of pullPresets[preset].pages) expect(section).toContain(address);
  });

  it('of a company becomes an account with what changed, and no person', async () => {
    const columns = { id: '17', updatedAt: '2026-04-01T00:00:00Z', name: 'Acme', city: null };
    const source = { id: 'crm', kind: 'pull', preset: 'hubspot' };
    const [event, ...others] = await becoming(source, { object: 'companies', columns });
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'group',
      groupId: 'hubspot_company:17',
      traits: { name: 'Acme', city: null, deleted_at: null },
      timestamp: '2026-04-01T00:00:00.000Z',
    });
    expect(event).not.toHaveProperty('userId');
    expect(event).not.toHaveProperty('anonymousId');
  });

  it.each(
    sections.flatMap(({ preset, source }) =>
      pullsIn(parseConfig({ sources: [{ ...source, take: undefined }] }).sources).flatMap(({ objects }) =>
        objects.map((declared) => ({ preset, source, declared, name: `${preset} ${declared.object}` })),
      ),
    ),
  )('of $name names somebody by the vendor’s id alone', async ({ source, declared }) => {
    const times = {
      [declared.rows === 'records' ? (declared.updatedAt ?? '') : (declared.time ?? '')]: '2026-04-01T00:00:00Z',
    };
    const keys = Object.fromEntries(declared.key.map((name) => [name, '17']));
    const columns = { ...keys, ...times, customer: '18' };
    const events = await becoming({ ...source, take: undefined }, { object: declared.object, columns });
    expect(events.length).toBeGreaterThan(0);
  });
});
