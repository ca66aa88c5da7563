import type { PlatformOutputs } from '../platform.ts';
import { countsOf, differences, type Measured } from './findings.ts';
import { readOrdersFile } from './orders-file.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import { countsTable, differencesList, nextSteps } from './report.ts';
import { type Script, writeScript } from './script.ts';
import { sendRequests } from './send-phase.ts';
import { NotSent } from './senders.ts';
import { openStores, type Stores } from './stores.ts';
import { storyOf } from './story.ts';
import { type Truth, truthOf } from './truth.ts';
import { Stalled, until } from './until.ts';

/** What the demo runs against, and how much it says. */
export interface DemoOptions {
  readonly outputs: PlatformOutputs;
  /** Compares everything with what must come out, instead of showing what to try next. */
  readonly once: boolean;
  readonly print: (line: string) => void;
  /** @default 1 */
  readonly seed?: number;
  /** @default now */
  readonly now?: Date;
}

/** Sends a shop's customers through the platform and shows what became of them. Not ok: something did not come out as it must. */
export async function runDemo({ outputs, once, print, seed = 1, now = new Date() }: DemoOptions): Promise<{ ok: boolean }> {
  const script = writeScript({ orders: await readOrdersFile(), now, seed });
  const truth = truthOf(script);
  print(`A shop's ${script.people.length} customers, their real orders and ${script.visitors.length} visitors (seed ${seed}):`);
  const stores = openStores(outputs);
  try {
    const measured = await play(script, truth, outputs, stores, progressLine(process.stderr, print));
    return report({ script, truth, measured, outputs, once, print });
  } catch (error) {
    if (!(error instanceof Stalled || error instanceof NotSent)) throw error;
    print(`The demo stopped: ${error.message}. .local/emulator.log says more.`);
    return { ok: false };
  } finally {
    stores.close();
  }
}

/** Plays phase after phase; nobody unsubscribes before everybody's entries are delivered. */
async function play(script: Script, truth: Truth, outputs: PlatformOutputs, stores: Stores, progress: ProgressLine): Promise<Measured> {
  const deliveries = (what: string, wanted: number) => awaited(progress, what, wanted, async () => (await stores.deliveries()).length);
  let accepted = 0;
  for (const [index, { title, requests }] of script.phases.entries()) {
    const calls = requests.reduce((sum, request) => sum + request.calls.length, 0);
    const last = index === script.phases.length - 1;
    if (last) await deliveries('The webhook hears who entered a segment', truth.entries.size);

    const sentBefore = accepted;
    progress.start(title);
    await sendRequests(requests, outputs, (count) => {
      accepted += count;
      progress.show('events sent', accepted - sentBefore, calls);
    });
    progress.finish(`${calls} events in ${requests.length} requests`);
    await awaited(progress, '  stitched into profiles', truth.messagesAfterPhase[index] ?? 0, stores.stitchedMessages);
  }
  await deliveries('The webhook hears who exited', truth.entries.size + truth.exits.size);
  await awaited(progress, 'The lake has every event', truth.sent, async () => (await stores.rawZone()).lines);
  return { accepted, rawZone: await stores.rawZone(), profiles: await stores.profiles(), deliveries: await stores.deliveries() };
}

async function awaited(progress: ProgressLine, title: string, wanted: number, read: () => Promise<number>): Promise<void> {
  progress.start(title);
  const reached = await until({ what: title.trim(), wanted, read, onProgress: (count) => progress.show('', count, wanted) });
  progress.finish(`${reached}`);
}

interface Ending extends Pick<DemoOptions, 'outputs' | 'once' | 'print'> {
  readonly script: Script;
  readonly truth: Truth;
  readonly measured: Measured;
}

function report({ script, truth, measured, outputs, once, print }: Ending): { ok: boolean } {
  const found = differences(truth, measured);
  const lines = [
    '',
    ...storyOf(script, measured.profiles.live, measured.deliveries),
    '',
    'All of them, as the generator of the demo expects it and as the stores have it:',
    ...countsTable(countsOf(truth, measured)),
    '',
    found.length === 0 ? 'Everything agrees, down to each person.' : `${found.length} things differ:`,
    ...differencesList(found),
    ...(once ? [] : ['', ...nextSteps(outputs)]),
  ];
  for (const line of lines) print(line);
  return { ok: found.length === 0 };
}
