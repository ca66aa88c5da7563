import type { Outcome, Part } from './part.ts';

/** More files than that do not fail by chance. */
const mostFiles = 5;

/** How a run ended, and which files of tests passed only when they were run again. */
export interface SecondRun {
  readonly outcomes: readonly Outcome[];
  readonly passedAlone: readonly string[];
}

/**
 * Runs what failed once more, alone: lanes share the processors of a machine that others may use, too, so that a time
 * limit may pass although nothing is wrong. A fault fails again. Parts whose tests are not in files are run whole.
 * Where more than five files or parts failed, nothing is run again.
 */
export async function runFailedAgain(
  outcomes: readonly Outcome[],
  parts: readonly Part[],
  run: (part: Part) => Promise<Outcome>,
): Promise<SecondRun> {
  const failed = outcomes.filter((outcome) => outcome.failed > 0);
  const known = failed.every(({ name }) => parts.some((part) => part.name === name));
  const count = failed.reduce((sum, outcome) => sum + Math.max(1, failedFiles(outcome).length), 0);
  if (!known || count === 0 || count > mostFiles) return { outcomes, passedAlone: [] };
  const ended: Outcome[] = [];
  const passedAlone: string[] = [];
  for (const outcome of outcomes) {
    const part = parts.find(({ name }) => name === outcome.name);
    if (outcome.failed === 0 || part === undefined) ended.push(outcome);
    else {
      const second = await run(alone(part, failedFiles(outcome)));
      ended.push(together(outcome, second));
      passedAlone.push(...passed(outcome, second));
    }
  }
  return { outcomes: ended, passedAlone };
}

const failedFiles = ({ files }: Outcome): string[] => files.filter(({ failed }) => failed > 0).map(({ file }) => file);

/** Without what parts of its lane shared: that has ended. */
function alone({ needs: _, ...part }: Part, files: readonly string[]): Part {
  return files.length === 0 || part.commandOf === undefined ? part : { ...part, command: part.commandOf(files) };
}

/** The first run of what passed in it, and the second of the rest. */
function together(first: Outcome, second: Outcome): Outcome {
  const again = new Set(failedFiles(first));
  const kept = again.size === 0 ? [] : first.files.filter(({ file }) => !again.has(file));
  return {
    ...second,
    passed: kept.reduce((sum, file) => sum + file.passed, 0) + second.passed,
    seconds: first.seconds + second.seconds,
    processorSeconds: first.processorSeconds + second.processorSeconds,
    files: [...kept, ...second.files],
  };
}

function passed(first: Outcome, second: Outcome): string[] {
  const again = failedFiles(first);
  if (again.length === 0) return second.failed === 0 ? [first.name] : [];
  const failing = new Set(failedFiles(second));
  return second.files.map(({ file }) => file).filter((file) => !failing.has(file));
}
