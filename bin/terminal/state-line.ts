import { progressLine, type Screen } from './progress-line.ts';

const unfinished = new Set(['QUEUED', 'STARTING', 'RUNNING', 'STOPPING', 'WAITING', 'IN_PROGRESS']);

/**
 * Shows the state of a job, an export or a query and its duration: on a terminal one line until the end, elsewhere one
 * line for each state.
 */
export function stateLine(name: string, screen?: Screen): (state: string) => void {
  const line = progressLine(screen);
  const started = Date.now();
  let last = '';
  return (state) => {
    const seconds = Math.round((Date.now() - started) / 1000);
    const plain = state === last ? undefined : `${name}: ${state} after ${seconds} s`;
    line.show(unfinished.has(state) ? `${name}: ${state} … ${seconds} s` : '', plain);
    last = state;
  };
}
