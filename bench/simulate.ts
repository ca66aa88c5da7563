import { Misused, noneOf, runProgram } from '../bin/terminal/command.ts';
import { progressLine } from '../bin/terminal/progress-line.ts';
import { type Campaign, mustHappen, runCampaign } from '../test/simulation/histories/campaign.ts';
import { shrink, tell } from '../test/simulation/histories/shrink.ts';

const usage = `npm run simulate -- [--histories N] [--seed S]

Plays N histories (default 10000), seeds S (default 1), S + 1 and so on, and checks each. Prints which faults and races really
happened. Ends with 1 when an invariant broke; the failing history is told, as small as it could be made, with its seed.
Repeat one: npm run simulate -- --histories 1 --seed <its seed>`;

const options = { histories: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } as const;
const progress = progressLine();

await runProgram(usage, options, async ({ values, positionals }) => {
  noneOf(positionals);
  const [histories, seed] = [Number(values.histories), Number(values.seed)];
  if (![histories, seed].every(Number.isSafeInteger) || histories <= 0)
    throw new Misused('--histories must be a whole number from 1 on, and --seed a whole number');
  await simulate(histories, seed);
  return undefined;
});

async function simulate(histories: number, seed: number): Promise<void> {
  const started = performance.now();
  const campaign = await runCampaign({
    seed,
    histories,
    onProgress: (done, failures) => report({ done, histories, failures, started }),
  });
  progress.erase();
  tellCounts(campaign);
  for (const { plan, violations } of campaign.failures) {
    console.log(
      `\nseed ${plan.seed} broke an invariant:\n${violations.map((violation) => `  ${violation}`).join('\n')}\nas small as it could be made:`,
    );
    console.log(tell(await shrink(plan)));
  }
  const never = campaign.histories < 1000 ? [] : mustHappen.filter((name) => campaign.tally.of(name) === 0);
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

function tellCounts({ tally }: Campaign): void {
  console.log('\nwhat happened, and how often');
  for (const [name, count] of tally.sorted()) console.log(`${String(count).padStart(10)}  ${name}`);
}
