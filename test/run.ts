import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { checks, lanes } from './parts/all-parts.ts';
import type { Outcome, Part } from './parts/part.ts';
import { priceOf } from './parts/price.ts';
import { runsEverything, runUnlessProven } from './parts/proven.ts';
import { runLane } from './parts/run-lane.ts';
import { runPart } from './parts/run-part.ts';
import { runFailedAgain } from './parts/second-run.ts';

const names = lanes.flat().map(({ name }) => name);
const usage = `npm test [-- --all | <vitest arguments>]

Without arguments: checks style and types, makes the template, runs every test and ends with what each part took and a line
"N passed, N failed". Where at most five files failed, they are run again, alone; what fails again has failed.
A part that has passed with the very files and versions of now is said to be proven, and not run again.
With --all, or where CI is set: runs every part, whatever is proven, and tries every law as often as it says.
With other arguments: makes the template if there is none and runs vitest with them, e.g.
  npm test -- test/core/stitching/plan.test.ts
  npm test -- --project e2e -t "browser"
The jobs of the lake are tested with pytest: .venv/bin/python -m pytest test/glue
Projects: ${names.filter((name) => name !== 'glue' && name !== 'demo').join(', ')}`;

const chosen = process.argv.slice(2);
const all = runsEverything(chosen, process.env);

if (chosen.includes('--help')) console.log(usage);
else process.exitCode = all || chosen.length === 0 ? await runAll() : await runVitest();

/**
 * Style, types and template first, side by side; then every test against that one template, and the demo, which checks
 * itself, in lanes.
 */
async function runAll(): Promise<number> {
  if (all) process.env.CI = 'true';
  const first = await Promise.all(checks.map((check) => tell(check)));
  const together = [...first, ...(await Promise.all(lanes.map((lane) => runLane(lane, tell)))).flat()];
  const { outcomes, passedAlone } = await runFailedAgain(together, lanes.flat(), runPart);
  const price = priceOf(outcomes);
  writeFileSync('.local/test/price.json', JSON.stringify(outcomes, null, 2));
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  for (const name of passedAlone) console.log(`${name}: failed beside others, and passed when it was run again, alone`);
  console.log(`\n${price}\n\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Runs a part, or says that it is proven, and tells how it ended. */
async function tell(part: Part, start: () => Promise<boolean> = async () => true): Promise<Outcome> {
  const run = async () => ((await start()) ? runPart(part) : notRun(part.name));
  const outcome = await (all ? run() : runUnlessProven(part, run));
  const { name, passed, failed, seconds, proven } = outcome;
  const result = failed === 0 ? 'ok' : `${failed} failed`;
  console.log(
    proven
      ? `${name}: ${passed} passed before, with the files and versions of now`
      : `${name}: ${result} in ${seconds.toFixed(1)} s`,
  );
  return outcome;
}

const notRun = (name: string): Outcome => ({
  name,
  passed: 0,
  failed: 1,
  seconds: 0,
  processorSeconds: 0,
  files: [],
  proven: false,
});

function runVitest(): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn('vitest', ['run', ...chosen], { stdio: 'inherit' });
    child.on('error', ({ message }) => {
      console.error(`vitest: ${message}`);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}
