import type { WriteStream } from 'node:tty';

/** Says how far something has come. */
export interface ProgressLine {
  /** Begins another task. */
  start(title: string): void;
  show(done: number, of: number): void;
  /** Ends the task and leaves one line about it. */
  finish(outcome: string): void;
}

const width = 24;

/** One line that is drawn over and over on a terminal; where there is none, a line when a task ends. */
export function progressLine(
  screen: Pick<WriteStream, 'isTTY' | 'write'>,
  print: (line: string) => void,
): ProgressLine {
  let title = '';
  let started = 0;
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const erase = () => screen.isTTY && screen.write('\r\u001b[K');
  return {
    start(next) {
      title = next;
      started = performance.now();
    },
    show(done, of) {
      if (!screen.isTTY) return;
      const filled = Math.min(width, Math.floor((width * Math.max(done, 0)) / Math.max(of, 1)));
      screen.write(
        `\r\u001b[K${title} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${Math.max(done, 0)}/${of}, ${seconds()}`,
      );
    },
    finish(outcome) {
      erase();
      print(`  ${seconds().padStart(7)}  ${title}: ${outcome}`);
    },
  };
}
