import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { numRuns, seedOfRun, triesOf } from './fixtures/laws.ts';

describe('a law is tried', () => {
  const configured = fc.readConfigureGlobal();
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    fc.configureGlobal(configured);
  });

  it.each([
    { name: 'as often as it says, where CI is set', ci: 'true', of: 1_000, tries: 1_000 },
    { name: 'a quarter as often at a desk', ci: '', of: 1_000, tries: 250 },
    { name: 'once at least', ci: '', of: 1, tries: 1 },
  ])('$name', ({ ci, of, tries }) => {
    vi.stubEnv('CI', ci);
    expect([triesOf(of), numRuns(of)]).toEqual([tries, tries]);
  });

  it.each([
    { name: 'the one that is set', env: { SEED: '42', CI: 'true' }, seeds: [42, 42] },
    { name: 'the same ever, where CI is set', env: { SEED: undefined, CI: 'true' }, seeds: [1, 1] },
    { name: 'one of chance at a desk', env: { SEED: undefined, CI: '' }, seeds: [1_234, 99_999] },
  ])('with a seed: $name', ({ env, seeds }) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    vi.spyOn(Date, 'now').mockReturnValueOnce(1_234).mockReturnValueOnce(99_999);
    expect([seedOfRun(), seedOfRun()]).toEqual(seeds);
  });

  it('as often as a mutation run says, wherever that is', () => {
    fc.configureGlobal({ numRuns: 25 });
    vi.stubEnv('CI', 'true');
    expect(numRuns(1_000)).toBe(25);
  });

  const ownNumber = /numRuns: \d[\d_]{2,}|readConfigureGlobal\(\)\.numRuns/;

  it('as one file decides, and none by a number of its own', () => {
    const files = globSync('test/**/*.ts').filter(
      (file) => !['test/laws.test.ts', 'test/fixtures/laws.ts'].includes(file),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => ownNumber.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it.each(['{ numRuns: 1_000 }', 'fc.readConfigureGlobal().numRuns ?? 300'])('so not by %s', (refused) =>
    expect(refused).toMatch(ownNumber),
  );
});

it('what a clean checkout must pass tries every law as often as it says', () =>
  expect(readFileSync('.ci/run', 'utf8')).toMatch(/^export CI=true$/m));

it('a random test has its seed from the one rule of its language', () => {
  const files = ['test/**/*.ts', 'test/**/*.py'].flatMap((pattern) => globSync(pattern));
  const rules = ['test/fixtures/laws.ts', 'test/glue/fixtures/laws.py', 'test/laws.test.ts'];
  const ownSeed = /time_ns\(\) %|Date\.now\(\) %|seed = .*process\.env\.SEED/;
  expect(files.filter((file) => !rules.includes(file) && ownSeed.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it('an AWS client is mocked by the fixture that gives it back, and by nothing else', () => {
  const files = globSync('test/**/*.ts').filter((file) =>
    /^import .*'aws-sdk-client-mock'/m.test(readFileSync(file, 'utf8')),
  );
  expect(files).toEqual(['test/fixtures/mock-client.ts']);
});
