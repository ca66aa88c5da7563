import { describe, expect, it } from 'vitest';
import type { Screen } from '../../../bin/terminal/progress-line.ts';
import { taskLine } from '../../../bin/terminal/task-line.ts';

const shown = (isTTY: boolean) => {
  const drawn: string[] = [];
  const printed: string[] = [];
  const screen = { isTTY, write: (text: string) => drawn.push(text) > 0 } as Screen;
  const progress = taskLine((line) => printed.push(line), screen);
  progress.start('Sending');
  progress.show(5, 10);
  progress.finish('10 events');
  return { drawn, printed };
};

describe('a progress line', () => {
  it('is drawn over and over on a terminal, and erased in the end', () => {
    const { drawn, printed } = shown(true);
    expect(drawn[0]).toMatch(/Sending █{12}░{12} 5\/10/);
    expect(drawn.at(-1)).toBe('\r\u001b[K');
    expect(printed).toEqual([expect.stringMatching(/s {2}Sending: 10 events$/)]);
  });

  it('is one plain line elsewhere', () => {
    const { drawn, printed } = shown(false);
    expect(drawn).toEqual([]);
    expect(printed).toEqual([expect.stringMatching(/s {2}Sending: 10 events$/)]);
  });
});
