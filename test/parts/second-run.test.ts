import { describe, expect, it } from 'vitest';
import type { Outcome, Part, TestFile } from './part.ts';
import { runFailedAgain } from './second-run.ts';

const file = (name: string, passed: number, failed = 0): TestFile => ({ file: name, seconds: 1, passed, failed });
const ended = (name: string, ...files: readonly TestFile[]): Outcome => {
  const sum = (of: (file: TestFile) => number) => files.reduce((total, each) => total + of(each), 0);
  const [passed, failed] = [sum((each) => each.passed), sum((each) => each.failed)];
  return { name, passed, failed, seconds: 10, processorSeconds: 20, files, proven: false };
};
const service = { name: 'platform', command: ['serve'], ready: 'there', env: { PLATFORM: 'there' } };
const part = (name: string): Part => ({
  ...{ name, command: [name], needs: service, commandOf: (files: readonly string[]) => [name, ...files] },
});
const parts: readonly Part[] = [part('unit'), part('glue'), { name: 'demo', command: ['demo'] }];

/** Runs again, and writes down how; whose name is in `failing` fails again. */
async function again(outcomes: readonly Outcome[], ...failing: readonly string[]) {
  const runs: Part[] = [];
  const end = await runFailedAgain(outcomes, parts, async (one) => {
    runs.push(one);
    const [, ...files] = one.command;
    if (files.length > 0)
      return ended(one.name, ...files.map((name) => (failing.includes(name) ? file(name, 1, 1) : file(name, 2))));
    const passed = failing.includes(one.name) ? 0 : 1;
    return { ...ended(one.name), passed, failed: 1 - passed };
  });
  const counts = end.outcomes.map(({ name, passed, failed }) => `${name} ${passed} ${failed}`);
  return { commands: runs.map(({ command }) => command.join(' ')), runs, counts, passedAlone: end.passedAlone };
}

describe('a run after the first', () => {
  it('is none when all passed', async () => {
    const { commands, counts } = await again([ended('style', file('x', 1)), ended('unit', file('a', 5))]);
    expect({ commands, counts }).toEqual({ commands: [], counts: ['style 1 0', 'unit 5 0'] });
  });

  it('is of the files that failed alone, and counts with the others', async () => {
    const first = [ended('unit', file('a', 5), file('b', 3, 1)), ended('glue', file('c', 7), file('d', 0, 2))];
    const { commands, counts, passedAlone, runs } = await again(first);
    expect(commands).toEqual(['unit b', 'glue d']);
    expect(counts).toEqual(['unit 7 0', 'glue 9 0']);
    expect(passedAlone).toEqual(['b', 'd']);
    expect(runs.map(({ needs }) => needs)).toEqual([undefined, undefined]);
  });

  it('says that a fault is one', async () => {
    const first = [ended('unit', file('a', 5), file('b', 3, 1), file('e', 3, 1))];
    const { counts, passedAlone } = await again(first, 'b');
    expect(counts).toEqual(['unit 8 1']);
    expect(passedAlone).toEqual(['e']);
  });

  it('is of the whole part where no file failed, or it has none', async () => {
    const first: Outcome[] = [
      { ...ended('unit', file('a', 5)), failed: 1 },
      { ...ended('demo'), failed: 1 },
    ];
    const { commands, counts, passedAlone } = await again(first, 'demo');
    expect(commands).toEqual(['unit', 'demo']);
    expect(counts).toEqual(['unit 1 0', 'demo 0 1']);
    expect(passedAlone).toEqual(['unit']);
  });

  it.each([
    {
      name: 'more than five files failed',
      first: ended('unit', ...'abcdef'.split('').map((name) => file(name, 1, 1))),
    },
    { name: 'what failed is no part of a lane', first: { ...ended('types'), failed: 1 } },
  ])('is none where $name', async ({ first }) => {
    const { commands, counts } = await again([first, ended('glue', file('c', 1, 1))]);
    expect(commands).toEqual([]);
    expect(counts).toEqual([`${first.name} ${first.passed} ${first.failed}`, 'glue 1 1']);
  });
});
