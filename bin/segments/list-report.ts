import type { ListedDefinition, ListedDefinitions } from '../../lambdas/core/operations/list-segments.ts';
import { asTable } from '../athena/result-table.ts';

/** What a configuration defines, as tables. */
export function listReport({ segments, traits, aggregates, bytes, most }: ListedDefinitions): string {
  const room = `Together they need ${aggregates} of ${most.aggregates} aggregates, and ${bytes} of ${most.bytes} bytes of a profile at worst.`;
  return [
    ...(segments.length === 0 ? ['cdp.config.ts defines no segments.'] : [segmentTable(segments)]),
    ...(traits.length === 0 ? [] : ['', traitTable(traits)]),
    '',
    room,
  ].join('\n');
}

const numbers = [
  { name: 'aggregates', type: 'integer' },
  { name: 'bytes', type: 'integer' },
];
const text = (name: string) => ({ name, type: 'varchar' });

const keyOf = ({ key, of }: ListedDefinition): string => (of === 'accounts' ? `${key} (accounts)` : key);

const segmentTable = (segments: readonly ListedDefinition[]): string =>
  asTable({
    columns: [text('segment'), text('changes by itself'), ...numbers, text('name'), text('reads')],
    rows: segments.map((each) => [
      keyOf(each),
      each.isTimed ? 'yes' : 'no',
      `${each.aggregates}`,
      `${each.bytes}`,
      each.name,
      each.reads.join(', '),
    ]),
  });

const traitTable = (traits: readonly ListedDefinition[]): string =>
  asTable({
    columns: [text('computed trait'), ...numbers, text('name'), text('reads')],
    rows: traits.map((each) => [keyOf(each), `${each.aggregates}`, `${each.bytes}`, each.name, each.reads.join(', ')]),
  });
