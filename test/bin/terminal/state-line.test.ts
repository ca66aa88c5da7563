import { expect, it } from 'vitest';
import { stateLine } from '../../../bin/terminal/state-line.ts';
import { walkProgress } from '../../../bin/terminal/walk-progress.ts';
import { noProgress } from '../../../lambdas/operations/lake-walk.ts';

const screenOf = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, screen: { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 } };
};

it.each([
  {
    where: 'a terminal, which is empty at the end',
    isTTY: true,
    lines: ['QUEUED … 0 s', 'RUNNING … 0 s', 'RUNNING … 0 s', ''].map(
      (text) => `\r\u001b[K${text === '' ? '' : `events: ${text}`}`,
    ),
  },
  {
    where: 'elsewhere, once for each state',
    isTTY: false,
    lines: ['QUEUED', 'RUNNING', 'SUCCEEDED'].map((state) => `events: ${state} after 0 s\n`),
  },
])('shows states on $where', ({ isTTY, lines }) => {
  const { written, screen } = screenOf(isTTY);
  const heard = stateLine('events', screen);
  for (const state of ['QUEUED', 'RUNNING', 'RUNNING', 'SUCCEEDED']) heard(state);
  expect(written).toEqual(lines);
});

it.each([
  { isTTY: true, written: ['\r\u001b[K3 sent, 1 of 2 objects', '\r\u001b[K'] },
  { isTTY: false, written: [] },
])('shows a walk that takes less than ten seconds on a terminal alone ($isTTY)', ({ isTTY, written }) => {
  const shown = screenOf(isTTY);
  const line = walkProgress(2, () => '3 sent', shown.screen);
  line.show({ ...noProgress, objects: 1 });
  line.end();
  expect(shown.written).toEqual(written);
});
