import { join } from 'node:path';
import { documentedDay } from '../../bin/analytics-page/documented-answers.ts';
import { localDirectory } from '../../bin/deployment/local-directory.ts';
import { JobFailed } from '../../bin/jobs/run-job.ts';
import { type TaskLine, taskLine } from '../../bin/terminal/task-line.ts';
import { config } from '../../cdp.config.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import type { PlatformOutputs } from '../platform/platform.ts';
import { countsOf, differences, distinct, type Measured } from './findings/findings.ts';
import { documentedDifferences, readLake } from './findings/lake-tables.ts';
import { martsReport } from './findings/marts-report.ts';
import { checkedCompanies, checkedRecipes, checkedSegments, ofTheDemo } from './findings/own-changes.ts';
import { countsTable, differencesList } from './findings/report.ts';
import { openStores, type Stores } from './findings/stores.ts';
import { storyOf } from './findings/story.ts';
import { type Truth, truthOf } from './findings/truth.ts';
import { runJobs } from './jobs.ts';
import { playRecipes } from './recipes.ts';
import { NotSent } from './senders.ts';
import { readOrdersFile } from './shop/orders-file.ts';
import { type Script, writeScript } from './shop/script.ts';
import { awaited, redelivery, sent } from './steps.ts';
import { Stalled } from './until.ts';

/** The platform under test and the form of the demo. */
interface DemoOptions {
  readonly outputs: PlatformOutputs;
  readonly print: (line: string) => void;
  /** @default 1 */
  readonly seed?: number;
  /**
   * Whether the demo uses the orders of the documented day and compares its answers with the page for analysts.
   * @default false: orders up to yesterday
   */
  readonly asDocumented?: boolean;
}

/**
 * Sends a shop's customers through the platform and shows their profiles. `ok` is false when a result differs from the
 * expected one.
 */
export async function runDemo({
  outputs,
  print,
  seed = 1,
  asDocumented = false,
}: DemoOptions): Promise<{ ok: boolean }> {
  const script = writeScript({ orders: await readOrdersFile(), now: asDocumented ? documentedDay : new Date(), seed });
  const checked = checkedSegments(parseConfig(config));
  const truth = truthOf(script, checked.keys);
  print(
    `\nThe demo: a shop's ${script.people.length.toLocaleString('en-US')} customers with their real orders, and ${script.visitors.length} visitors (seed ${seed})`,
  );
  const stores = openStores(outputs);
  try {
    const startedAt = Date.now();
    const everything = await play(script, truth, outputs, stores, taskLine(print));
    const { measured, told } = ofTheDemo(truth, checked, everything);
    const [marts, answers] = await Promise.all([
      martsReport(outputs),
      asDocumented ? documentedDifferences(outputs) : [],
    ]);
    const recipes = checkedRecipes(parseConfig(config));
    const companies = checkedCompanies(parseConfig(config));
    const { table, found } = await playRecipes({
      ...{ script, seed, recipes: recipes.keys, withCompanies: companies.keys.size > 0, startedAt },
      lake: everything.lake.people,
      ...{ target: outputs, stores, progress: taskLine(print) },
    });
    return report(script, [...differences(truth, measured), ...answers, ...found], {
      counts: countsTable(countsOf(truth, measured)),
      measured,
      marts,
      recipes: table,
      told: [...told, ...recipes.told, ...companies.told],
      print,
    });
  } catch (error) {
    if (!(error instanceof Stalled || error instanceof NotSent || error instanceof JobFailed)) throw error;
    print(`The demo stopped: ${error.message}. See ${join(localDirectory, 'emulator.log')}.`);
    return { ok: false };
  } finally {
    stores.close();
  }
}

/** Sends phase after phase, waits before each one for the results that it needs, and at the end for all results. */
async function play(
  script: Script,
  truth: Truth,
  outputs: PlatformOutputs,
  stores: Stores,
  progress: TaskLine,
): Promise<Measured> {
  const stitched = (phases: number) =>
    awaited(progress, {
      title: '  … events in profiles',
      wanted: truth.messagesAfterPhase[phases - 1] ?? 0,
      read: stores.stitchedMessages,
    });
  const delivered = (title: string, wanted: number) =>
    awaited(progress, {
      title,
      wanted,
      read: async () =>
        distinct((await stores.deliveries()).filter(({ segment }) => truth.segmentMembers.has(segment))).size,
      patience: redelivery,
    });
  let accepted = 0;
  for (const [index, { title, after, requests }] of script.phases.entries()) {
    if (after === 'everything is in profiles') await stitched(index);
    if (after === 'entries are delivered') await delivered('  … deliveries of entries', truth.entries.size);
    accepted += await sent(title, requests, outputs, progress);
  }
  await stitched(script.phases.length);
  await delivered('  … deliveries of entries and exits', truth.entries.size + truth.exits.size);
  await awaited(progress, {
    title: '  … events in the lake',
    wanted: truth.sent,
    read: async () => (await stores.rawZone()).ids.length,
  });
  await runJobs(outputs, progress);
  const [lake, rawZone, profiles, deliveries] = await Promise.all([
    readLake(outputs, new Set(config.traits?.map(({ key }) => key))),
    stores.rawZone(),
    stores.profiles(),
    stores.deliveries(),
  ]);
  return { accepted, lake, rawZone, profiles, deliveries };
}

interface Findings {
  readonly counts: readonly string[];
  readonly measured: Measured;
  readonly marts: readonly string[];
  readonly recipes: readonly string[];
  /** Data that the comparison omits. */
  readonly told: readonly string[];
  readonly print: (line: string) => void;
}

function report(
  script: Script,
  found: readonly string[],
  { counts, measured, marts, recipes, told, print }: Findings,
): { ok: boolean } {
  const lines = [
    '',
    ...storyOf(script, measured.profiles.live, measured.deliveries),
    '',
    ...marts,
    '',
    'Totals, as expected from the script and as measured in the stores:',
    ...counts,
    '',
    'The recipes in cdp.recipes.ts, over everybody, ten stories more, and twelve companies:',
    ...recipes,
    ...(told.length === 0
      ? []
      : ['', 'Not compared, because it is not part of the demo:', ...told.map((line) => `  - ${line}`)]),
    '',
    found.length === 0 ? 'Everything agrees, down to each person.' : `${found.length} things differ:`,
    ...differencesList(found),
  ];
  for (const line of lines) print(line);
  return { ok: found.length === 0 };
}
