import { defaultRetention } from '../../contract/retention.ts';
import { importPrefix, lakePrefix } from '../../contract/storage.ts';
import { byHand, byLake, byTime, lateS3, type Place, type Store, stays, template } from './store.ts';

const prefixes = (...names: readonly string[]): Place => ({ in: 'lake bucket', prefixes: names });
const tables = (...names: readonly string[]): Place => ({ in: 'lake tables', tables: names });
const listed = 'a list of the prefix shows nothing older';
const asRaw = { days: defaultRetention.rawRetention, setBy: 'rawRetention', late: lateS3 } as const;
const forWeek = { ...asRaw, days: 7, atMost: 7 } as const;
const rows = 'the proof of the eraser, erasures/lake in the lake bucket; a query finds no row';

/** What the lake has: objects by their prefixes, tables, and what is kept beside them. */
export const lakeStores: readonly Store[] = [
  {
    name: 'raw events',
    place: prefixes(lakePrefix.raw, lakePrefix.rawErrors),
    holds: 'every accepted event',
    ...asRaw,
    erasedBy: byTime,
    proof: listed,
  },
  {
    name: 'quarantine',
    place: prefixes(lakePrefix.quarantine, lakePrefix.quarantineErrors),
    holds: 'refused events as they were sent, with their reasons',
    ...asRaw,
    erasedBy: byTime,
    proof: listed,
  },
  {
    name: 'files of the identity log',
    place: prefixes(lakePrefix.identityLog),
    holds: 'identifiers and message ids of every decision',
    ...asRaw,
    erasedBy: byTime,
    proof: listed,
  },
  {
    name: 'identity decisions that Firehose could not write',
    place: prefixes(lakePrefix.identityLogErrors),
    holds: 'identifiers and message ids',
    ...asRaw,
    erasedBy: byTime,
    proof: listed,
  },
  {
    name: 'files of attempts to deliver',
    place: prefixes(lakePrefix.attempts, lakePrefix.attemptErrors),
    holds: 'profile ids; nothing else of a person',
    ...asRaw,
    erasedBy: byTime,
    proof: listed,
  },
  {
    name: 'exports of the profile table',
    place: prefixes(lakePrefix.exports),
    holds: 'every item, every night',
    ...asRaw,
    days: 3,
    atMost: 3,
    erasedBy: byTime,
    proof: listed,
  },
  {
    name: 'histories of new definitions',
    place: prefixes(lakePrefix.histories),
    holds: 'profile ids, identifiers and aggregates',
    ...forWeek,
    erasedBy: `${byLake}, and then ${byTime}: they are made of its tables`,
    proof: listed,
  },
  {
    name: 'files and rows of imports',
    place: prefixes(importPrefix.files, importPrefix.rows, importPrefix.staged, importPrefix.summaries),
    holds: 'files as somebody put them there, their rows and pieces',
    ...asRaw,
    erasedBy: `${byTime}; the source itself must forget the person, or the next file brings them back`,
    proof: listed,
  },
  {
    name: 'how far imports came',
    place: prefixes(lakePrefix.imports, importPrefix.states, importPrefix.stagedFiles, importPrefix.begunFiles),
    erasedBy: 'nothing is there',
    proof: 'times, counts, and names and hashes of files',
  },
  {
    name: 'how far APIs were read',
    place: prefixes(lakePrefix.pulls),
    erasedBy: 'nothing is there',
    proof: 'cursors and times',
  },
  {
    name: 'the list of barriers',
    place: prefixes(lakePrefix.barriers),
    holds: 'a quarter of a keyed hash and a time for each identifier that is kept out, no identifier',
    erasedBy: `${stays}: it keeps people out`,
    proof: 'the file has hashes and times',
  },
  {
    name: 'what the lake says it erased',
    place: prefixes(lakePrefix.erasures),
    erasedBy: 'nothing is there',
    proof: 'the file has times',
  },
  {
    name: 'the lake bucket’s other versions, and files of its tables',
    place: template('S3::Bucket', /LakeBucket/),
    holds: 'earlier versions of all objects; files of tables that no snapshot needs any more',
    days: 1,
    late: lateS3,
    erasedBy: `${byLake}, and then its time: a version goes a day after it was replaced or deleted`,
    proof: 'a list of versions',
  },
  {
    name: 'failed batches',
    place: template('S3::Bucket', /FailedBatches/),
    holds: 'whole batches of events, and profiles before and after a change',
    ...asRaw,
    erasedBy: `redrive, and then ${byTime}`,
    proof: 'a list of the bucket',
  },
  {
    name: 'access logs of buckets',
    place: template('S3::Bucket', /AccessLogs/),
    days: 90,
    erasedBy: 'nothing is there',
    proof: 'keys of objects name nobody',
  },
  {
    name: 'events of the lake',
    place: tables('events', 'sightings', 'rejected_events', 'event_profiles'),
    holds: 'events, typed and as they were sent, whom they name and whose they are',
    erasedBy: byLake,
    proof: rows,
  },
  {
    name: 'records of sources',
    place: tables('records'),
    holds: 'the last version of each row of a source, also of those that it deleted',
    erasedBy: `${byHand}: the source must forget the person first; then delete their rows with Athena`,
    proof: 'a query finds no row',
  },
  {
    name: 'identities of the lake',
    place: tables('identity_log', 'identity_map', 'identity_suggestions'),
    holds: 'identifiers, profile ids and message ids',
    erasedBy: byLake,
    proof: rows,
  },
  {
    name: 'profiles of the lake, and where they differ from the table',
    place: tables('profiles', 'profile_differences'),
    holds: 'identifiers and traits',
    erasedBy: byLake,
    proof: rows,
  },
  {
    name: 'marts about people',
    place: tables('customer_360', 'sessions', 'rfm', 'attribution', 'segment_membership', 'deliveries', 'mart_state'),
    holds: 'a row for each person, visit, touch, membership or attempt',
    erasedBy: byLake,
    proof: rows,
  },
  {
    name: 'marts of counts',
    place: tables('daily_activity', 'revenue', 'funnels', 'data_quality', 'watermarks'),
    holds: 'counts; a count of one may be somebody',
    erasedBy: `${byLake}: the job that makes them counts again without the person, and older files go`,
    proof: 'no column holds an identifier',
  },
  {
    name: 'query results',
    place: template('Athena::WorkGroup'),
    holds: 'whatever was queried, below athena-results/ of the lake bucket; the history of queries has their text',
    days: 7,
    late: lateS3,
    erasedBy: `${byLake}, and then ${byTime}; Athena keeps the text of queries for 45 days, so name people by parameters`,
    proof: 'a list of the prefix',
  },
];
