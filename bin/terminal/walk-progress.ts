import type { Progress } from '../../lambdas/operations/lake-walk.ts';
import { progressLine, type Screen } from './progress-line.ts';

/** Shows the progress of a walk through the lake; where no terminal is, every ten seconds. */
export function walkProgress(objects: number, describe: (progress: Progress) => string, screen?: Screen) {
  const line = progressLine(screen);
  let last = Date.now();
  const show = (progress: Progress): void => {
    const text = `${describe(progress)}, ${progress.objects} of ${objects} objects`;
    const due = Date.now() - last >= 10_000;
    line.show(text, due ? text : undefined);
    if (due) last = Date.now();
  };
  return { show, end: line.erase };
}
