import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashOf } from '../../local/platform/source-hash.ts';
import type { Outcome, Part } from './part.ts';

/** Whether a run takes nothing for proven: where it is asked to, and in CI. */
export const runsEverything = (args: readonly string[], env: NodeJS.ProcessEnv): boolean =>
  args.join(' ') === '--all' || (args.length === 0 && Boolean(env.CI));

/** What runs the tests; Python's versions are in files. */
const machine = (): string => [process.version, process.platform, process.arch, process.env.JAVA_HOME].join();

/** What decides how a part ends, as one text: its files, and the versions of what runs it. */
export const stateOf = async (inputs: readonly string[], root = '.'): Promise<string> =>
  `${machine()} ${await hashOf(inputs, root)}`;

interface Proof {
  readonly state: string;
  readonly passed: number;
}

/** Runs a part, unless it has passed with the very inputs that it would have now; keeps what it passed with. */
export async function runUnlessProven(
  part: Part,
  run: (part: Part) => Promise<Outcome>,
  folder = '.local/test/proven',
  root = '.',
): Promise<Outcome> {
  const { name, inputs } = part;
  if (inputs === undefined) return run(part);
  const file = join(root, folder, `${name}.json`);
  const state = await stateOf(inputs, root);
  const proof = readProof(file);
  if (proof?.state === state)
    return { name, passed: proof.passed, failed: 0, seconds: 0, processorSeconds: 0, files: [], proven: true };
  rmSync(file, { force: true });
  const outcome = await run(part);
  // Who edits while it runs has proven neither what was there before nor what is there now.
  if (outcome.failed === 0 && outcome.passed > 0 && (await stateOf(inputs, root)) === state)
    keep(file, { state, passed: outcome.passed });
  return outcome;
}

function keep(file: string, proof: Proof): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(proof));
}

function readProof(file: string): Proof | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Proof;
  } catch {
    return undefined;
  }
}
