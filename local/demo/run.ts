import { join } from 'node:path';
import { documentedDay } from '../../bin/analytics-page/documented-answers.ts';
import { localDirectory } from '../../bin/deployment/local-directory.ts';
import { JobFailed } from '../../bin/jobs/run-job.ts';
import { taskLine } from '../../bin/terminal/task-line.ts';
import { config } from '../../cdp.config.ts';
import { CdpConfig } from '../../lambdas/core/config/config.ts';
import { errorMessageOf } from '../../lambdas/core/values/thrown.ts';
import type { PlatformOutputs } from '../platform/platform.ts';
import { type Audience, audienceStory } from './findings/advertising.ts';
import { countsOf, differences, type Measured } from './findings/findings.ts';
import { documentedDifferences } from './findings/lake-tables.ts';
import { martsReport } from './findings/marts-report.ts';
import {
  advertisingChanged,
  checkedCompanies,
  checkedRecipes,
  checkedSegments,
  ofTheDemo,
} from './findings/own-changes.ts';
import { countsTable, differencesList } from './findings/report.ts';
import { openStores } from './findings/stores.ts';
import { storyOf } from './findings/story.ts';
import { truthOf } from './findings/truth.ts';
import { playDemo } from './play.ts';
import { playRecipes } from './recipes.ts';
import { NotSent } from './senders.ts';
import { readOrdersFile } from './shop/orders-file.ts';
import { type Script, writeScript } from './shop/script.ts';
import { inventSystems } from './shop/systems.ts';
import { openSystems } from './systems/open.ts';
import { SystemFailed } from './systems/system-failed.ts';
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

/** How the demo ended. */
interface Ended {
  /** False when a result differs from the expected one. */
  readonly ok: boolean;
  /** Ends what the demo started. */
  stop(): Promise<void>;
}

/** Sends a shop's customers and its other systems through the platform, and shows the profiles. */
export async function runDemo({ outputs, print, seed = 1, asDocumented = false }: DemoOptions): Promise<Ended> {
  const now = asDocumented ? documentedDay : new Date();
  const script = writeScript({ orders: await readOrdersFile(), now, seed });
  // As it is written: purposes are not yet a part of the segments' rules.
  const written = CdpConfig.parse(config);
  const checked = checkedSegments(written);
  const others = await openSystems(written, inventSystems(script.people, now.getTime(), seed));
  const unlike = advertisingChanged(written);
  const everything = truthOf(script, checked.keys, others.systems);
  const truth = unlike.length === 0 ? everything : { ...everything, audience: undefined };
  print(
    `\nThe demo: a shop's ${script.people.length.toLocaleString('en-US')} customers with their real orders, and ${script.visitors.length} visitors (seed ${seed})`,
  );
  const stores = openStores(outputs);
  try {
    const startedAt = Date.now();
    const played = await playDemo({ script, truth, outputs, stores, others, progress: taskLine(print) });
    const { measured, told } = ofTheDemo(truth, checked, played);
    const [marts, answers] = await Promise.all([
      martsReport(outputs),
      asDocumented ? documentedDifferences(outputs) : [],
    ]);
    const recipes = checkedRecipes(written);
    const companies = checkedCompanies(written);
    const { table, found } = await playRecipes({
      ...{ script, seed, recipes: recipes.keys, withCompanies: companies.keys.size > 0, startedAt },
      lake: played.lake.people,
      ...{ target: outputs, stores, progress: taskLine(print) },
    });
    const ok = report(script, [...differences(truth, measured), ...answers, ...found], {
      counts: countsTable(countsOf(truth, measured)),
      audience: truth.audience,
      measured,
      marts,
      recipes: table,
      told: [...told, ...unlike, ...recipes.told, ...companies.told, ...others.told],
      print,
    });
    return { ok, stop: others.stop };
  } catch (error) {
    if (!foreseen.some((kind) => error instanceof kind)) throw error;
    print(`The demo stopped: ${errorMessageOf(error)}. See ${join(localDirectory, 'emulator.log')}.`);
    return { ok: false, stop: others.stop };
  } finally {
    stores.close();
  }
}

/** Errors whose message is enough for the user. */
const foreseen = [Stalled, NotSent, JobFailed, SystemFailed];

interface Findings {
  readonly counts: readonly string[];
  readonly audience: Audience | undefined;
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
  { counts, audience, measured, marts, recipes, told, print }: Findings,
): boolean {
  const lines = [
    '',
    ...storyOf(script, measured.profiles.live, measured.deliveries),
    '',
    ...marts,
    '',
    'Totals, as expected from the script and as measured in the stores:',
    ...counts,
    '',
    ...(audience === undefined ? [] : [audienceStory(audience), '']),
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
  return found.length === 0;
}
