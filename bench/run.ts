import { Misused, runProgram } from '../bin/terminal/command.ts';
import { taskLine } from '../bin/terminal/task-line.ts';
import { accounts } from './cost/accounts-bench.ts';
import { cost } from './cost/cost-bench.ts';
import { scale } from './cost/scale-bench.ts';
import { standing } from './cost/standing-bench.ts';
import { deliveries } from './deliveries/deliveries-bench.ts';
import { imports } from './imports/imports-bench.ts';
import { lake } from './lake/lake.ts';
import type { Bench } from './report/bench.ts';
import { saveResult } from './report/result.ts';
import { drawTable } from './report/table.ts';
import { segments } from './segments/segments-bench.ts';
import { shards } from './shards/shards-bench.ts';
import { collect } from './speed/collect.ts';
import { growth } from './speed/growth.ts';
import { hotProfile } from './speed/hot-profile.ts';
import { privacy } from './speed/privacy.ts';
import { profileApi } from './speed/profile-api.ts';
import { stitch } from './speed/stitch.ts';

const benches: readonly Bench[] = [
  collect,
  stitch,
  hotProfile,
  growth,
  segments,
  cost,
  accounts,
  scale,
  shards,
  standing,
  deliveries,
  imports,
  profileApi,
  privacy,
  lake,
];

const usage = `npm run bench [-- <name>… [--rounds N] [--seed N]]

Measures, shows tables and writes bench/results/<name>.json. Without a name: everything.

${benches.map(({ name, about }) => `  ${name.padEnd(11)} ${about}`).join('\n')}

  --rounds N  rounds of each measurement of time (7); more gives a truer median on a busy machine
  --seed N    makes the same events again (1)
  --only NAME one part of the bench lake: graph, events, runs or matching; the rest of its file stays
`;

const options = {
  rounds: { type: 'string', default: '7' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
} as const;

await runProgram(usage, options, async ({ values: { rounds, seed, only }, positionals }) => {
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Misused(`there is no bench called ${unknown.join(' or ')}`);
  const chosen = benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  await runAll(chosen, { seed: Number(seed), rounds: Number(rounds) }, only);
  return undefined;
});

async function runAll(
  chosen: readonly Bench[],
  options: { readonly seed: number; readonly rounds: number },
  only: string | undefined,
): Promise<void> {
  const line = taskLine(console.log);
  for (const bench of chosen) {
    line.start(bench.name);
    const found = await bench.run({
      ...options,
      only,
      progress: (done, of = options.rounds) => line.show(done, of),
    });
    line.finish(`bench/results/${bench.name}.json`);
    await saveResult(bench.name, options, found);
    for (const table of found.tables) console.log(`\n${drawTable(table)}`);
    console.log('');
  }
}
