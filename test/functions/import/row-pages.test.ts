import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { callsOf } from '../../../lambdas/adapters/sources/map-entry.ts';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { namingRule } from '../../../lambdas/core/identifiers/naming-rule.ts';
import { withRows } from '../../../lambdas/core/sources/definition.ts';
import type { DeclaredObject } from '../../../lambdas/core/sources/objects.ts';
import { eventsOfLine } from '../../../lambdas/functions/import/rows.ts';

/** The start of a load, which is the time of rows without one. */
const startedAt = Date.parse('2026-05-11T03:00:00Z');

const blocksIn = (page: string, kind: string): string[] =>
  [
    ...readFileSync(`docs/sources/${page}.md`, 'utf8').matchAll(new RegExp(`\`\`\`${kind}\\n([^]*?)\\n\`\`\``, 'g')),
  ].map(([, text = '']) => text);

/** The first source that a page configures. */
function configured(page: string): object {
  const [text = ''] = blocksIn(page, 'ts');
  const made = runInNewContext(text.startsWith('sources:') ? `({${text}}).sources[0]` : `(${text})`);
  return JSON.parse(JSON.stringify(made)) as object;
}

/** The line of a piece that a page's row is: a row that happened, a change, or a record that is new. */
function lineOf(said: Record<string, unknown>, declared: DeclaredObject): string {
  if (declared.rows === 'events') return JSON.stringify({ row: said, place: { file: 'a file', line: 2 } });
  const isChange = 'changed' in said && 'kind' in said;
  const { [declared.key[0] ?? '']: id, [declared.updatedAt ?? '']: at, ...changed } = said;
  const change = isChange ? said : { id: String(id), kind: 'created', changed, at: at ?? new Date(startedAt) };
  return JSON.stringify({ record: { columns: said, hash: 'h', ...change, object: declared.object } });
}

it.each(['files', 'records', 'databases', 'apis', 'kafka', 'query'])('%s.md shows what its row becomes', (page) => {
  const config = parseConfig({ sources: [configured(page)] as never });
  const [source] = withRows(config.sources);
  const [declared] = source?.objects ?? [];
  if (source === undefined || declared === undefined) throw new Error(`${page} configures no source of rows`);
  const examples = blocksIn(page, 'json').map((text) => JSON.parse(text) as Record<string, unknown>);
  const at = examples.findIndex((each) => Array.isArray(each));
  const arrival = { sourceId: source.id, receivedAt: Date.parse('2026-06-01T00:01:00Z'), newId: () => '' };
  const outcome = eventsOfLine(lineOf(examples[at - 1] ?? {}, declared), {
    ...{
      declared,
      identity: config.identity,
      callsOf,
      load: { startedAt: Date.parse('2026-06-01T00:00:00Z'), name: 'a load' },
    },
    arrival: { ...arrival, isNamed: namingRule(source, config.identity) },
  });
  const lines = outcome.kind === 'events' ? outcome.lines : [];
  const events = lines.map(({ json }) => {
    const { receivedAt: _, originalTimestamp: __, messageId: ___, context, ...event } = JSON.parse(json);
    const { row, ...rest } = context;
    expect(row.object).toBe(declared.object);
    return Object.keys(rest).length === 0 ? event : { ...event, context: rest };
  });
  expect(events).toEqual(examples[at]);
});
