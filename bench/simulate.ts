import { Misused, noneOf, runProgram } from '../bin/terminal/command.ts';
import { progressLine } from '../bin/terminal/progress-line.ts';
import { mustHappen as mustHappenToPeople, runBarred } from '../test/simulation/histories/barred-campaign.ts';
import { mustHappen, runCampaign } from '../test/simulation/histories/campaign.ts';
import { shrink, tell } from '../test/simulation/histories/shrink.ts';
import { mustHappen as mustHappenInImports, runImports, tellPlan } from '../test/simulation/imports/campaign.ts';
import type { Tally } from '../test/simulation/running/tally.ts';

const usage = `npm run simulate -- [--of events|imports|requests] [--histories N] [--seed S]

Plays N histories (default 10000), seeds S (default 1), S + 1 and so on, and checks each. Prints which faults and races really
happened. Ends with 1 when an invariant broke; the failing history is told with its seed, one of events as small as it could
be made.
--of says what the histories are about: events that clients send (default), files that somebody imports, or people who are
erased, suppressed and opted out.
Repeat one: npm run simulate -- --histories 1 --seed <its seed>`;

const options = {
  of: { type: 'string', default: 'events' },
  histories: { type: 'string', default: '10000' },
  seed: { type: 'string', default: '1' },
} as const;

/** What histories are about: how they are played, how one is told, and what must happen in many. */
const kinds = new Map<string, Kind>(
  Object.entries({
    events: {
      play: async (options) => {
        const { failures, ...campaign } = await runCampaign(options);
        const told = failures.map(({ plan, violations }) => ({
          plan,
          violations,
          story: async () => `as small as it could be made:\n${tell(await shrink(plan))}`,
        }));
        return { ...campaign, failures: told };
      },
      mustHappen,
    },
    imports: {
      play: async (options) => {
        const { failures, ...campaign } = await runImports(options);
        const told = failures.map(({ plan, violations }) => ({
          plan,
          violations,
          story: async () => `its files:\n${tellPlan(plan)}`,
        }));
        return { ...campaign, failures: told };
      },
      mustHappen: mustHappenInImports,
    },
    requests: {
      play: async (options) => {
        const { failures, ...campaign } = await runBarred(options);
        return { ...campaign, failures: failures.map((one) => ({ ...one, story: async () => 'play its seed again' })) };
      },
      mustHappen: mustHappenToPeople,
    },
  } satisfies Record<string, Kind>),
);

interface Options {
  readonly seed: number;
  readonly histories: number;
  readonly onProgress: (done: number, failures: number) => void;
}

interface Played {
  readonly tally: Tally;
  readonly histories: number;
  readonly failures: readonly {
    readonly plan: { readonly seed: number };
    readonly violations: readonly string[];
    readonly story: () => Promise<string>;
  }[];
}

interface Kind {
  readonly play: (options: Options) => Promise<Played>;
  readonly mustHappen: readonly string[];
}
const progress = progressLine();

await runProgram(usage, options, async ({ values, positionals }) => {
  noneOf(positionals);
  const [histories, seed] = [Number(values.histories), Number(values.seed)];
  if (![histories, seed].every(Number.isSafeInteger) || histories <= 0)
    throw new Misused('--histories must be a whole number from 1 on, and --seed a whole number');
  const kind = kinds.get(values.of);
  if (kind === undefined) throw new Misused(`--of must be one of: ${[...kinds.keys()].join(', ')}`);
  await simulate(kind, histories, seed);
  return undefined;
});

async function simulate(kind: Kind, histories: number, seed: number): Promise<void> {
  const started = performance.now();
  let known = 0;
  const campaign = await kind.play({
    seed,
    histories,
    onProgress: (done, failures) => {
      if (failures > known) console.log(`seed ${seed + done - 1} broke an invariant; it is told at the end`);
      known = failures;
      report({ done, histories, failures, started });
    },
  });
  progress.erase();
  tellCounts(campaign);
  for (const { plan, violations, story } of campaign.failures) {
    console.log(
      `\nseed ${plan.seed} broke an invariant:\n${violations.map((violation) => `  ${violation}`).join('\n')}`,
    );
    console.log(await story());
  }
  const never = campaign.histories < 1000 ? [] : kind.mustHappen.filter((name) => campaign.tally.of(name) === 0);
  for (const name of never) console.log(`never happened: ${name}`);
  console.log(
    `\n${campaign.histories} histories in ${((performance.now() - started) / 1000).toFixed(1)} s, violations ${campaign.failures.length}`,
  );
  process.exitCode = campaign.failures.length + never.length > 0 ? 1 : 0;
}

interface Reached {
  readonly done: number;
  readonly histories: number;
  readonly failures: number;
  /** Milliseconds of the performance clock. */
  readonly started: number;
}

function report({ done, histories, failures, started }: Reached): void {
  if (done % 500 !== 0) return;
  const seconds = (performance.now() - started) / 1000;
  const line = `${done} of ${histories} histories, ${failures} violations, ${(done / seconds).toFixed(0)} a second`;
  progress.show(line, line);
}

function tellCounts({ tally }: Played): void {
  console.log('\nwhat happened, and how often');
  for (const [name, count] of tally.sorted()) console.log(`${String(count).padStart(10)}  ${name}`);
}
