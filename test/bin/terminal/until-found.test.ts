import { expect, it } from 'vitest';
import { untilFound } from '../../../bin/terminal/until-found.ts';

const pace = { minDelay: 0.001, maxDelay: 0.002 };

it('asks until there is an answer, and gives it back', async () => {
  const answers = [undefined, undefined, { ended: true }];
  expect(await untilFound(async () => answers.shift(), pace)).toEqual({ ended: true });
  expect(answers).toEqual([]);
});

it('passes on what the question throws', () =>
  expect(untilFound(() => Promise.reject(new Error('denied')), pace)).rejects.toThrow('denied'));

it('ends without an answer when it is aborted', async () => {
  const stop = new AbortController();
  const found = untilFound(
    async () => {
      stop.abort();
      return undefined;
    },
    { ...pace, abortSignal: stop.signal },
  );
  expect(await found).toBeUndefined();
});
