import { type JobName, jobsApart, jobsInOrder } from '../contract/jobs.ts';
import { erasesPeople, withRows } from '../sources/definition.ts';
import { isNested } from '../sources/envelope.ts';
import type { RecordRows } from '../sources/objects.ts';
import type { CdpConfig } from './config.ts';
import { hasLargeFiles } from './declared-files.ts';

/** Kinds of sources whose own jobs compare their records. */
const comparedApart: readonly string[] = ['database', 'pull', 'query'];

/** What the queries of a deployment ask, and what they know of the rows of their answers, by source. */
export const declaredQueries = (sources: CdpConfig['sources']) =>
  Object.fromEntries(
    sources.flatMap((source) =>
      source.kind === 'query'
        ? source.objects.flatMap((each) =>
            each.rows === 'records' ? [[source.id, { sql: source.sql, ...knownOf(each) }]] : [],
          )
        : [],
    ),
  );

/** Whether a source is a query. */
export const hasQueries = ({ sources }: CdpConfig): boolean => sources.some(({ kind }) => kind === 'query');

const knownOf = ({ object, key, updatedAt, maxShrink, envelope, columns }: RecordRows) => ({
  object,
  key,
  updatedAt,
  maxShrink,
  // The job opens envelopes, and gives the types to what is in them.
  ...(envelope && { envelope: { ...envelope, ...(isNested(envelope) && columns && { columns }) } }),
});

/** What the lake knows of the records of a deployment: their keys, times and greatest shares, by source and object. */
export function declaredRecords(sources: CdpConfig['sources']) {
  const compared = withRows(sources).filter(({ kind }) => !comparedApart.includes(kind));
  const bySource = compared.map(({ id, objects }) => {
    const records = objects.flatMap((each) => (each.rows === 'records' ? [knownOf(each)] : []));
    return [id, Object.fromEntries(records.map(({ object, ...known }) => [object, known]))] as const;
  });
  return Object.fromEntries(bySource.filter(([, objects]) => Object.keys(objects).length > 0));
}

/** Whether a load of a source may lack too much, and ask. */
export const mayAsk = ({ sources }: CdpConfig): boolean =>
  withRows(sources).some(({ objects }) => objects.some(({ rows }) => rows === 'records'));

/** Whether a source has records that the job `records` compares. */
export const hasRecords = ({ sources }: CdpConfig): boolean => Object.keys(declaredRecords(sources)).length > 0;

/** The jobs of a deployment, those that a schedule starts first and in order. */
export const jobsOf = (config: CdpConfig): readonly JobName[] => [
  ...jobsInOrder(config.identity.matching !== undefined, hasQueries(config)),
  ...jobsApart(hasRecords(config), hasLargeFiles(config)),
];

/** Whether the deletion of a record asks to erase a person. */
export const mayErase = ({ sources }: Pick<CdpConfig, 'sources'>): boolean => erasesPeople(sources);
