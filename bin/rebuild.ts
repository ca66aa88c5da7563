import { createHash } from 'node:crypto';
import { config } from '../cdp.config.ts';
import { compareProfiles } from '../lambdas/adapters/dynamodb/compare-tables.ts';
import { jittered } from '../lambdas/adapters/streams/backoff.ts';
import { noProgress, type Progress } from '../lambdas/operations/lake-walk.ts';
import { progressFile } from '../lambdas/operations/progress-file.ts';
import { accountFor, countEverything, describeRebuild, rebuild } from '../lambdas/operations/rebuild.ts';
import { type KnownIds, rebuiltProfileId } from '../lambdas/operations/rebuilt-id.ts';
import { readRequest } from '../lambdas/operations/replay.ts';
import type { Deployment } from './deployment/deployed-stack.ts';
import { knownIds } from './deployment/known-ids.ts';
import { type RebuildPlace, rebuildPlace } from './deployment/rebuild-place.ts';
import { noneOf, runCommand } from './terminal/command.ts';
import { describeTables } from './terminal/rebuild-report.ts';
import { tellHowToGoOn } from './terminal/resume-hint.ts';
import { stopRequest } from './terminal/stop-request.ts';
import { walkProgress } from './terminal/walk-progress.ts';

const usage = `npm run rebuild -- [--table <name>] [--from <time>] [--to <time>] [--compare] [--restart] [--stack Cdp] [--local]

Rebuilds all profiles from the raw zone in a separate table, with the code and the cdp.config.ts of this folder. It only reads the live table.
  --table    an empty or new table; by default a new one named after the live table and the time
  --from     only events received at this time or later: ISO 8601, or a date
  --to       only events received before this time
  --compare  compares the new profiles with the live table
  --restart  starts again in another table instead of continuing
  --stack    name of the deployed stack
  --local    the platform that npm start runs, instead of the AWS account of your credentials

Ctrl-C stops it, and the same command continues. After a change of cdp.config.ts it starts another table.`;

const options = {
  table: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  compare: { type: 'boolean', default: false },
  restart: { type: 'boolean', default: false },
} as const;

interface Wish extends Deployment {
  readonly table?: string;
  readonly from?: string;
  readonly to?: string;
  readonly compare: boolean;
  readonly restart: boolean;
}

/** A table that was started with other rules cannot be continued. */
const rules = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12);

await runCommand(usage, options, async ({ values, positionals }) => {
  noneOf(positionals);
  return answer(values);
});

async function answer({
  table: wanted,
  from = '1970-01-01',
  to = '9999-12-31',
  compare,
  restart,
  stack,
  local,
}: Wish): Promise<string> {
  const range = readRequest({ from, to });
  const isStopped = stopRequest();
  const place = await rebuildPlace({ stack, local });
  const file = progressFile('rebuild', { deployment: place.id, rules, table: wanted, from: range.from, to: range.to });
  const goOn = tellHowToGoOn(file.path);
  const begun = (restart ? undefined : await file.load()) ?? (await begin(place, wanted));
  const { table = '' } = begun;
  await file.save(begun);
  if (begun.key === '') await make(place, table).catch(goOn);
  else if (!(await place.tables.exists(table)))
    throw new Error(`the unfinished table ${table} no longer exists; use --restart`);
  const log = await knownIds(place, isStopped).catch(goOn);
  const end = begun.done
    ? begun
    : await fill({ place, table, ids: log.ids, isStopped, range, save: file.save }, begun).catch(goOn);
  const tables = await compareProfiles(place.profiles(table), compare ? place.profiles(place.live) : undefined);
  const made = begun.done
    ? `was made already, from ${describeRebuild(end)} (${file.path}; --restart makes another)`
    : `is made from ${describeRebuild(end)}`;
  if ((end.counts.missing ?? 0) > 0) process.exitCode = 1;
  const next = `Before it goes live: npm run privacy -- reapply --table ${table}`;
  return [`${table} ${made}`, accountFor(end), ...describeTables(tables, place.live, log), next].join('\n');
}

/** @throws Error when the target table is not empty */
async function begin({ tables, live }: RebuildPlace, wanted: string | undefined): Promise<Progress> {
  const table = wanted ?? `${live}-rebuilt-${new Date().toISOString().slice(0, 16).replace(/\D/g, '')}`;
  if ((await tables.exists(table)) && !(await tables.isEmpty(table)))
    throw new Error(`the table ${table} holds items; a rebuild needs an empty one`);
  return { ...noProgress, table };
}

/** Makes the table with the barriers of the live one; what it gets counts in every aggregate. */
async function make({ tables, live, registry }: RebuildPlace, table: string): Promise<void> {
  await tables.make(table, live);
  await tables.keep(table, live);
  await countEverything(registry(table), config);
}

interface Filling {
  readonly place: RebuildPlace;
  readonly table: string;
  readonly ids: KnownIds;
  readonly range: ReturnType<typeof readRequest>;
  readonly isStopped: () => boolean;
  readonly save: (progress: Progress) => Promise<void>;
}

async function fill({ place, table, ids, range, isStopped, save }: Filling, begun: Progress): Promise<Progress> {
  const { load, write, release } = await place.open(table);
  const keys = await place.raw.list();
  console.error(
    `${keys.length} objects into ${table}${begun.key === '' ? '' : `; going on after ${describeRebuild(begun)}`}`,
  );
  const line = walkProgress(keys.length, ({ counts }) => `${counts.read ?? 0} events applied`);
  const keep = async (progress: Progress): Promise<void> => {
    await save(progress);
    line.show(progress);
  };
  const deps = { config, load, write, release, newProfileId: rebuiltProfileId(ids), pause: jittered };
  return rebuild(range, { keys, read: place.raw.read, save: keep, isStopped }, begun, deps).finally(line.end);
}
