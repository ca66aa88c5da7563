import pMap from 'p-map';
import { config } from '../../cdp.config.ts';
import { watchedIn } from '../../lambdas/operations/watched.ts';
import { importQueue } from '../deployment/stack-resources.ts';
import { messagesIn, type Surroundings } from './readings.ts';
import { couldNotBeRead, type Finding, span } from './report.ts';
import { readerOf, type SourceCounts, sourceCounts, type Watched } from './source-counts.ts';
import { outcomesOf } from './source-outcomes.ts';

/** Milliseconds; an older file or piece also rings an alarm. */
const tooOld = 6 * 3_600_000;
const minute = 60_000;

/** What came from each source and was refused, since when nothing came, and how its last run or file ended. */
export async function sources(
  surroundings: Surroundings,
  declared: readonly Watched[] = watchedIn(config),
): Promise<Finding[]> {
  const { counts, oldest } = await sourceCounts(declared, surroundings);
  const one = (source: Watched): Promise<Finding> =>
    stateOf(source, counts.get(source.id), surroundings).catch((error) => couldNotBeRead(`source ${source.id}`, error));
  return [...(await queueOf(oldest, surroundings)), ...(await pMap(declared, one, { concurrency: 8 }))];
}

/** Files and pieces of all sources that wait in one queue; nothing where no source has rows. */
async function queueOf(oldest: number | undefined, { where, resources }: Surroundings): Promise<Finding[]> {
  const url = importQueue(resources)?.physicalId;
  if (url === undefined) return [];
  const { waiting, underWay } = await messagesIn(where, url);
  const age = waiting > 0 && oldest !== undefined ? oldest * 1000 : undefined;
  const since = age === undefined ? '' : `, the oldest for ${span(age)}`;
  const wrong = age !== undefined && age > tooOld ? `they wait for more than ${span(tooOld)}` : undefined;
  return [{ part: 'imports', state: `${waiting} files or pieces wait${since}, ${underWay} are under way`, wrong }];
}

async function stateOf(
  source: Watched,
  counts: SourceCounts | undefined,
  surroundings: Surroundings,
): Promise<Finding> {
  const part = `source ${source.id}`;
  if (counts === undefined || readerOf(source, surroundings) === undefined)
    return { part, state: 'is not in the stack', wrong: 'deploy cdp.config.ts' };
  const outcomes = await outcomesOf(source, surroundings);
  const texts = [cameText(source, counts), ...outcomes.map(({ text }) => text)].filter(Boolean);
  const wrong = [lateness(source, counts), refusals(source, counts), ...outcomes.map((outcome) => outcome.wrong)];
  const all = wrong.filter((each) => each !== undefined);
  return { part, state: texts.join('; '), wrong: all.length === 0 ? undefined : all.join('; ') };
}

function cameText({ hasRows, expected }: Watched, { came, sent, refused, since, waiting }: SourceCounts): string {
  const what = hasRows ? 'rows' : 'events';
  const counts = [
    `${came} ${what}${hasRows ? ' read' : ''}`,
    ...(sent === undefined ? [] : [`${sent} sent`]),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  const last = since === undefined ? `no ${what} in 7 days` : lastText(since);
  const wait = waiting === undefined ? '' : `; ${waiting} records wait`;
  return `${counts.join(', ')} in 24 h; ${last}${expected ? `, expected every ${expected.every}` : ''}${wait}`;
}

/** Since the last hour in which something came, which may have been at its beginning. */
function lateness({ expected }: Watched, { since = Number.POSITIVE_INFINITY }: SourceCounts): string | undefined {
  if (expected === undefined || since <= expected.minutes * minute) return undefined;
  return `it is late: something is expected every ${expected.every}`;
}

/** The share of a day, also of sources that have no alarm about it. */
function refusals({ refusedShare = 0.1, refusedFrom }: Watched, { came, sent, refused }: SourceCounts) {
  const all = (sent ?? came) + refused;
  if (refused < refusedFrom || refused <= refusedShare * all) return undefined;
  return `${Math.round((100 * refused) / all)} % were refused: see the quarantine`;
}

const lastText = (since: number): string =>
  since === 0 ? 'the last within an hour' : `the last more than ${span(since)} ago`;
