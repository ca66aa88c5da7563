import { config } from '../../cdp.config.ts';
import type { DecisionAccount } from '../../lambdas/operations/decision-account.ts';
import { endRun, type FrozenRun } from '../../lambdas/operations/histories/frozen-run.ts';
import { standingOf } from '../../lambdas/operations/histories/standing.ts';
import type { Deployment } from '../deployment/deployed-stack.ts';
import { queryPlace } from '../deployment/query-place.ts';
import { segmentTableOf } from '../deployment/segment-table.ts';
import { Misused } from '../terminal/command.ts';

import { decided, type Table } from './deciding.ts';
import { confirmFrom, costText, effectReport, isLarge } from './decision.ts';
import { historyRuns, lackText, standingLines, tellNextRun } from './histories.ts';
import { segmentSizes } from './membership.ts';
import { partsOf, type Sample, sampleOf, whole } from './sample.ts';

/** What `preview` and `apply` are asked for. */
export interface DecideWish extends Deployment {
  readonly json: boolean;
  readonly sample: string;
  readonly entries?: string;
  readonly confirm: boolean;
  readonly histories: boolean;
  readonly 'settle-minutes': string;
}

/** Says what deciding everybody's segments by cdp.config.ts would change, and writes nothing. */
export async function previewed(key: string | undefined, wish: DecideWish): Promise<string> {
  const parts = partsOf(numberOf('sample', wish.sample, { most: 100 }));
  const { write: _, ...table } = await segmentTableOf(wish);
  const sizes = new Map(parts.map(({ part }) => [part, 0]));
  const account = await decided(
    { parts },
    {
      ...table,
      scan: (part) => counted(table.scan(part), (more) => sizes.set(part.part, (sizes.get(part.part) ?? 0) + more)),
    },
  );
  const sample = sampleOf([...sizes.values()]);
  const standing = standingOf(config, await table.registry());
  const waiting = standing?.waiting.segments ?? [];
  if (wish.json) return asJson(account, sample, { waitingFor: standing?.waiting });
  return [
    effectReport(account, sample, key),
    ...(waiting.length === 0 ? [] : ['', ...standingLines(standing), ...(await lakeLines(waiting, wish))]),
    '',
    account.outdated === 0 ? 'Nothing is to be applied.' : costText(account, sample, tellers()),
  ].join('\n');
}

/** Members that the lake has of segments whose history is not in the profiles yet. */
async function lakeLines(keys: readonly string[], wish: Deployment): Promise<string[]> {
  const sizes = await segmentSizes(await queryPlace(wish), [], Date.now());
  const members = new Map(sizes.map((size) => [size.segment, size.members]));
  return keys.map((key) => {
    const count = members.get(key);
    return count === undefined
      ? `  ${key}: the lake has no members; it knows them after the deployment and a run of the jobs up to marts`
      : `  ${key}: ${count} members by the last run of the lake's jobs, by the definitions that were deployed then`;
  });
}

/**
 * Brings the histories that new definitions lack, and decides everybody's segments by cdp.config.ts.
 * @throws Misused when many would enter and nobody confirmed it
 */
export async function applied(wish: DecideWish): Promise<string> {
  const mostEntries = wish.entries === undefined ? undefined : numberOf('entries', wish.entries, {});
  const minutes = numberOf('settle-minutes', wish['settle-minutes'], { least: 0, most: 99_999 });
  const table = await segmentTableOf(wish);
  const runs = historyRuns(table, { ...wish, minutes });
  const budget = { mostEntries, isConfirmed: wish.confirm || mostEntries !== undefined };
  let run = await tellNextRun(runs, wish.histories);
  for (;;) {
    const account = await applyOnce(run, { ...table, lines: runs.files.lines }, budget);
    if (run !== undefined && !account.stopped) {
      const outcome = { at: new Date().toISOString(), waiting: Object.fromEntries(account.waiting) };
      await endRun(run.manifest.run, outcome, runs);
      run = await tellNextRun(runs, false);
    } else run = undefined;
    if (run === undefined) return wish.json ? asJson(account, whole) : appliedReport(account);
  }
}

interface Budget {
  readonly mostEntries: number | undefined;
  readonly isConfirmed: boolean;
}

async function applyOnce(
  run: FrozenRun | undefined,
  { write, ...table }: Table,
  { mostEntries, isConfirmed }: Budget,
): Promise<DecisionAccount> {
  const parts = partsOf(100);
  if (!isConfirmed) {
    const account = await decided({ run, parts }, table);
    if (isLarge(account))
      throw new Misused(
        `more than ${confirmFrom.entries.toLocaleString('en')} people, or ${confirmFrom.share * 100} % of all, would enter a segment:\n` +
          `${effectReport(account)}\nAdd --confirm to do it, or --entries to do it in parts.`,
      );
  }
  return decided({ run, parts, mostEntries }, { ...table, write });
}

/** The same pages, and to somebody how long each is. */
async function* counted<Page extends { readonly length: number }>(
  pages: AsyncIterable<Page>,
  tell: (more: number) => void,
): AsyncIterable<Page> {
  for await (const page of pages) {
    tell(page.length);
    yield page;
  }
}

function appliedReport(account: DecisionAccount): string {
  const waiting = Object.fromEntries(account.waiting);
  return [
    `${account.written} profiles are written.`,
    effectReport(account),
    ...(account.waiting.size > 0 ? ['', lackText(waiting)] : []),
    ...(account.stopped ? ['The budget of entries is used up. Run it again to go on.'] : []),
  ].join('\n');
}

/** How many destinations are told of each segment. */
function tellers(): ReadonlyMap<string, number> {
  const told = (config.destinations ?? []).flatMap(({ segments = [] }) => segments);
  return new Map([...Map.groupBy(told, (key) => key)].map(([key, all]) => [key, all.length]));
}

/** The number that an option gives. @throws Misused when it is none that is wanted */
export function numberOf(option: string, text: string, { least = Number.MIN_VALUE, most = 1_000_000_000 }): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!(number >= least && number <= most))
    throw new Misused(`--${option} must be ${least === 0 ? 'at least' : 'above'} 0 and at most ${most}; got "${text}"`);
  return number;
}

const asJson = ({ segments, waiting, ...account }: DecisionAccount, { share }: Sample, more: object = {}): string => {
  const maps = { waiting: Object.fromEntries(waiting), ...more, segments: Object.fromEntries(segments) };
  return JSON.stringify({ ...account, share, ...maps }, null, 2);
};
