import { parseArgs } from 'node:util';
import { progressLine } from '../bin/terminal/progress-line.ts';
import { type Campaign, mustHappen, runCampaign } from '../test/simulation/histories/campaign.ts';
import { shrink, tell } from '../test/simulation/histories/shrink.ts';

const usage = `npm run simulate -- [--histories N] [--seed S]

Plays N histories (default 10000), seeds S (default 1), S + 1 and so on, and checks each. Prints which faults and races really
happened. Ends with 1 when an invariant broke; the failing history is told, as small as it could be made, with its seed.
Repeat one: npm run simulate -- --histories 1 --seed <its seed>`;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean' },
  },
});
const progress = progressLine();
const [histories, seed] = [Number(values.histories), Number(values.seed)];
const valid = [histories, seed].every(Number.isSafeInteger) && histories > 0;
if (values.help || !valid) console.log(usage);
if (values.help || !valid) process.exitCode = values.help ? 0 : 2;
else await main();

async function main(): Promise<void> {
  const started = performance.now();
  const campaign = await runCampaign({
    seed,
    histories,
    onProgress: (done, failures) => report(done, failures, started),
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

function report(done: number, failures: number, started: number): void {
  if (done % 500 !== 0) return;
  const seconds = (performance.now() - started) / 1000;
  const line = `${done} of ${histories} histories, ${failures} violations, ${(done / seconds).toFixed(0)} a second`;
  progress.show(line, line);
}

function tellCounts({ tally }: Campaign): void {
  console.log('\nwhat happened, and how often');
  for (const [name, count] of tally.sorted()) console.log(`${String(count).padStart(10)}  ${name}`);
}
