import { config } from '../../cdp.config.ts';
import { decideSegments } from '../../lambdas/operations/decide-segments.ts';
import type { DecisionAccount } from '../../lambdas/operations/decision-account.ts';
import type { Deployment } from '../deployment/deployed-stack.ts';
import { segmentTableOf } from '../deployment/segment-table.ts';
import { Misused } from '../terminal/command.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { stopRequest } from '../terminal/stop-request.ts';
import { confirmFrom, costText, effectReport, isLarge } from './decision.ts';
import { partsOf, type Sample, sampleOf, whole } from './sample.ts';

/** What `preview` and `apply` are asked for. */
export interface DecideWish extends Deployment {
  readonly json: boolean;
  readonly sample: string;
  readonly entries?: string;
  readonly confirm: boolean;
}

/** Says what deciding everybody's segments by cdp.config.ts would change, and writes nothing. */
export async function previewed(key: string | undefined, wish: DecideWish): Promise<string> {
  const parts = partsOf(numberOf('sample', wish.sample, 100));
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
  if (wish.json) return asJson(account, sample);
  return [
    effectReport(account, sample, key),
    '',
    account.outdated === 0 ? 'Nothing is to be applied.' : costText(account, sample, tellers()),
  ].join('\n');
}

/** Decides everybody's segments by cdp.config.ts. @throws Misused when many would enter and nobody confirmed it */
export async function applied(wish: DecideWish): Promise<string> {
  const mostEntries = wish.entries === undefined ? undefined : numberOf('entries', wish.entries, 1_000_000_000);
  const parts = partsOf(100);
  const { write, ...table } = await segmentTableOf(wish);
  if (!wish.confirm && mostEntries === undefined) {
    const account = await decided({ parts }, table);
    if (isLarge(account))
      throw new Misused(
        `more than ${confirmFrom.entries.toLocaleString('en')} people, or ${confirmFrom.share * 100} % of all, would enter a segment:\n` +
          `${effectReport(account)}\nAdd --confirm to do it, or --entries to do it in parts.`,
      );
  }
  const account = await decided({ parts, mostEntries }, { ...table, write });
  if (wish.json) return asJson(account, whole);
  const rest = account.stopped ? '\nThe budget of entries is used up. Run it again to go on.' : '';
  return `${account.written} profiles are written.\n${effectReport(account)}${rest}`;
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

type Range = Parameters<typeof decideSegments>[0];
type Deps = Parameters<typeof decideSegments>[1];

async function decided(
  range: Range,
  table: Pick<Deps, 'scan' | 'read' | 'write' | 'pause' | 'registry'>,
): Promise<DecisionAccount> {
  const line = progressLine();
  const isStopped = stopRequest();
  const account = await decideSegments(range, {
    ...table,
    async *scan(part) {
      for await (const page of table.scan(part)) {
        if (isStopped()) return;
        yield page;
      }
    },
    config,
    now: Date.now,
    tell: ({ people, outdated }) =>
      line.show(`segment: ${people} people read, ${outdated} decided by other definitions`),
  });
  line.erase();
  if (isStopped()) throw new Error('stopped; the same command goes on where it ended');
  return account;
}

/** How many destinations are told of each segment. */
function tellers(): ReadonlyMap<string, number> {
  const told = (config.destinations ?? []).flatMap(({ segments = [] }) => segments);
  return new Map([...Map.groupBy(told, (key) => key)].map(([key, all]) => [key, all.length]));
}

/** @throws Misused when a text is no number that is wanted */
function numberOf(option: string, text: string, most: number): number {
  const number = Number(text);
  if (!(number > 0 && number <= most))
    throw new Misused(`--${option} must be above 0 and at most ${most}; got "${text}"`);
  return number;
}

const asJson = ({ segments, ...account }: DecisionAccount, { share }: Sample): string =>
  JSON.stringify({ ...account, share, segments: Object.fromEntries(segments) }, null, 2);
