import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { Outcome, Part, Service } from './part.ts';
import { runLane } from './run-lane.ts';
import { runPart } from './run-part.ts';

const folder = mkdtempSync(join(tmpdir(), 'cdp-lanes-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ready = join(folder, 'ready');
const log = join(folder, 'log');
const sh = (script: string): string[] => ['sh', '-c', script, log, ready];
const logged = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);

/** Is there until its standard input ends. */
const service = (script = 'echo begins >> "$0"; touch "$1"; cat; echo ends >> "$0"'): Service => ({
  ...{ name: 'lanes-service', command: sh(script), ready, env: { LANES_SERVICE: ready } },
});
const part = (name: string, needs?: Service): Part => ({
  ...{
    name: `lanes-${name}`,
    command: sh(`echo "${name} \${LANES_SERVICE:+with it}" >> "$0"`),
    ...(needs && { needs }),
  },
});
const proven = 'lanes-proven';
const run = async (one: Part, start: () => Promise<boolean>): Promise<Outcome> => {
  const outcome = { name: one.name, passed: 1, failed: 0, seconds: 0, processorSeconds: 0, files: [], proven: true };
  if (one.name === proven) return outcome;
  return (await start()) ? runPart(one) : { ...outcome, passed: 0, failed: 1, proven: false };
};
const ended = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ name, passed, failed }) => `${name} ${passed} ${failed}`);

beforeEach(() => rmSync(log, { force: true }));

it('what parts need is there for all of them, once, and for nobody else', async () => {
  const needs = service();
  const outcomes = await runLane([part('before'), part('one', needs), part('two', needs), part('after')], run);
  expect(logged()).toEqual(
    ['before', 'begins', 'one with it', 'two with it', 'ends', 'after'].map((line) =>
      expect.stringMatching(`^${line} *$`),
    ),
  );
  expect(ended(outcomes)).toEqual([
    'lanes-before 1 0',
    'lanes-one 1 0',
    'lanes-two 1 0',
    'lanes-service 1 0',
    'lanes-after 1 0',
  ]);
});

it('it is not started for parts that are proven, and stopped when the last of them is', async () => {
  const needs = service();
  expect(ended(await runLane([part('proven', needs)], run))).toEqual(['lanes-proven 1 0']);
  expect(logged()).toEqual([]);
  expect(ended(await runLane([part('one', needs), part('proven', needs)], run))).toEqual([
    'lanes-one 1 0',
    'lanes-proven 1 0',
    'lanes-service 1 0',
  ]);
  expect(logged().at(-1)).toBe('ends');
});

it.each([
  { name: 'that ends before it is there', script: 'exit 0' },
  { name: 'that ends badly', script: 'exit 3' },
])('what needs a service $name has failed, and was not run', async ({ script }) => {
  const needs = service(script);
  const outcomes = await runLane([part('one', needs), part('two', needs)], run);
  expect(ended(outcomes).slice(0, 2)).toEqual(['lanes-one 0 1', 'lanes-two 0 1']);
  expect(logged()).toEqual([]);
});
