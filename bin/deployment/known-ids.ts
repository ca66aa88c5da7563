import { pMapIterable } from 'p-map';
import { config } from '../../cdp.config.ts';
import { namedMessageOf } from '../../lambdas/core/values/thrown.ts';
import { foundingEntries, foundingQuery } from '../../lambdas/operations/founding-rows.ts';
import { noProgress, Stopped } from '../../lambdas/operations/lake-walk.ts';
import { entryIn, type LogEntry, linkingOf, readIdentityLog } from '../../lambdas/operations/rebuilt-id.ts';
import { allRows } from '../athena/run-query.ts';
import { stateLine } from '../terminal/state-line.ts';
import { walkProgress } from '../terminal/walk-progress.ts';
import type { RebuildPlace } from './rebuild-place.ts';

type Entries = AsyncGenerator<(LogEntry | undefined)[]>;

/** The identity log has one object for each minute with a link. */
const readsAtOnce = 16;

/**
 * What earlier profiles were made for. Files of the identity log have what the job `identities` has not read yet, and
 * its table what is older than files.
 * @throws Stopped when the user asks for it
 */
export const knownIds = async (place: RebuildPlace, isStopped: () => boolean) =>
  readIdentityLog(everyEntry(place, isStopped), linkingOf(config, await place.requests()));

async function* everyEntry(place: RebuildPlace, isStopped: () => boolean): Entries {
  yield* inFiles(place, isStopped);
  yield* inTable(place, isStopped);
}

async function* inFiles({ identityLog }: RebuildPlace, isStopped: () => boolean): Entries {
  const keys = await identityLog.list();
  console.error(`reading the identity log for earlier profile ids: ${keys.length} objects`);
  const line = walkProgress(keys.length, () => 'identity log');
  try {
    let objects = 0;
    for await (const ofOne of pMapIterable(keys, (key) => identityLog.read(key), { concurrency: readsAtOnce })) {
      if (isStopped()) throw new Stopped();
      line.show({ ...noProgress, objects: ++objects });
      yield ofOne.map(entryIn);
    }
  } finally {
    line.end();
  }
}

async function* inTable({ lake }: RebuildPlace, isStopped: () => boolean): Entries {
  const stopped = new AbortController();
  const show = stateLine('older profile ids');
  const heard = (state: string) => {
    show(state);
    if (isStopped()) stopped.abort();
  };
  try {
    for await (const rows of allRows(lake.athena, { ...lake, sql: foundingQuery }, heard, stopped.signal)) {
      if (isStopped()) throw new Stopped();
      yield foundingEntries(rows);
    }
  } catch (error) {
    if (isStopped()) throw new Stopped();
    throw new Error(`${lacksIds}: ${namedMessageOf(error)}`);
  }
}

const lacksIds =
  'the table identity_log cannot be asked for older profile ids (after an upgrade, run npm run job -- identities first)';
