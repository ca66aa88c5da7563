import { progressLine, type Screen } from './progress-line.ts';

/** Shows tasks, one after another. */
export interface TaskLine {
  /** Begins a task. */
  start(title: string): void;
  show(done: number, of: number): void;
  /** Ends the task and leaves one line about it. */
  finish(outcome: string): void;
}

const width = 24;

/** Shows each task with a bar on a terminal, and prints one line when it ends. */
export function taskLine(print: (line: string) => void, screen?: Screen): TaskLine {
  const line = progressLine(screen);
  let title = '';
  let started = 0;
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  return {
    start(next) {
      title = next;
      started = performance.now();
    },
    show(done, of) {
      const reached = Math.max(done, 0);
      const filled = Math.min(width, Math.floor((width * reached) / Math.max(of, 1)));
      line.show(`${title} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${reached}/${of}, ${seconds()}`);
    },
    finish(outcome) {
      line.erase();
      print(`  ${seconds().padStart(7)}  ${title}: ${outcome}`);
    },
  };
}
