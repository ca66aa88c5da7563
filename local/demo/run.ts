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
import { checkedSegments, ofTheDemo } from './findings/own-changes.ts';
import { countsTable, differencesList } from './findings/report.ts';
import { openStores, type Stores } from './findings/stores.ts';
import { storyOf } from './findings/story.ts';
import { type Truth, truthOf } from './findings/truth.ts';
import { runJobs } from './jobs.ts';
import { sendRequests } from './send-phase.ts';
import { NotSent, type Target } from './senders.ts';
import type { SdkRequest } from './shop/calls.ts';
import { readOrdersFile } from './shop/orders-file.ts';
import { type Script, writeScript } from './shop/script.ts';
import { type Pace, Stalled, until } from './until.ts';

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
    const everything = await play(script, truth, outputs, stores, taskLine(print));
    const { measured, told } = ofTheDemo(truth, checked, everything);
    const [marts, answers] = await Promise.all([
      martsReport(outputs),
      asDocumented ? documentedDifferences(outputs) : [],
    ]);
    return report(script, [...differences(truth, measured), ...answers], countsTable(countsOf(truth, measured)), {
      measured,
      marts,
      told,
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

/** Milliseconds. The queue shows a failed delivery again after three minutes. */
const redelivery = 200_000;

/** Sends phase after phase, waits before each one for the results that it needs, and at the end for all results. */
async function play(
  script: Script,
  truth: Truth,
  outputs: PlatformOutputs,
  stores: Stores,
  progress: TaskLine,
): Promise<Measured> {
  const stitched = (phases: number) =>
    awaited(progress, '  … events in profiles', truth.messagesAfterPhase[phases - 1] ?? 0, stores.stitchedMessages);
  const delivered = (title: string, wanted: number) =>
    awaited(
      progress,
      title,
      wanted,
      async () => distinct((await stores.deliveries()).filter(({ segment }) => truth.segmentMembers.has(segment))).size,
      { patience: redelivery },
    );
  let accepted = 0;
  for (const [index, { title, after, requests }] of script.phases.entries()) {
    if (after === 'everything is in profiles') await stitched(index);
    if (after === 'entries are delivered') await delivered('  … deliveries of entries', truth.entries.size);
    accepted += await sent(title, requests, outputs, progress);
  }
  await stitched(script.phases.length);
  await delivered('  … deliveries of entries and exits', truth.entries.size + truth.exits.size);
  await awaited(progress, '  … events in the lake', truth.sent, async () => (await stores.rawZone()).ids.length);
  await runJobs(outputs, progress);
  const [lake, rawZone, profiles, deliveries] = await Promise.all([
    readLake(outputs),
    stores.rawZone(),
    stores.profiles(),
    stores.deliveries(),
  ]);
  return { accepted, lake, rawZone, profiles, deliveries };
}

async function sent(
  title: string,
  requests: readonly SdkRequest[],
  target: Target,
  progress: TaskLine,
): Promise<number> {
  const calls = requests.reduce((sum, request) => sum + request.calls.length, 0);
  let accepted = 0;
  progress.start(title);
  await sendRequests(requests, target, (count) => {
    accepted += count;
    progress.show(accepted, calls);
  });
  progress.finish(`${accepted.toLocaleString('en-US')} events in ${requests.length} requests`);
  return accepted;
}

async function awaited(
  progress: TaskLine,
  title: string,
  wanted: number,
  read: () => Promise<number>,
  pace: Pace = {},
): Promise<void> {
  progress.start(title);
  const onProgress = (count: number) => progress.show(count, wanted);
  const reached = await until({ what: title.replace('  … ', ''), wanted, read, onProgress, ...pace });
  progress.finish(reached.toLocaleString('en-US'));
}

interface Findings {
  readonly measured: Measured;
  readonly marts: readonly string[];
  /** Data that the comparison omits. */
  readonly told: readonly string[];
  readonly print: (line: string) => void;
}

function report(
  script: Script,
  found: readonly string[],
  counts: readonly string[],
  { measured, marts, told, print }: Findings,
): { ok: boolean } {
  const lines = [
    '',
    ...storyOf(script, measured.profiles.live, measured.deliveries),
    '',
    ...marts,
    '',
    'Totals, as expected from the script and as measured in the stores:',
    ...counts,
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
