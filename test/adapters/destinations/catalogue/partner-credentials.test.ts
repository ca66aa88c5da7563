import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { installedTools } from '../../../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import {
  fixedEnvironment,
  partnerCredentials,
} from '../../../../lambdas/adapters/destinations/catalogue/definitions/partner-credentials.ts';
import { whyUnusable } from '../../../../lambdas/adapters/destinations/catalogue/definitions/unusable.ts';

const folder = 'node_modules/@segment/action-destinations/dist/destinations';
/** What tools may read of the environment that is no credential. */
const others = /^(NODE_ENV|AWS_.+|KAFKA_PRODUCER_.+|ORTTO_.+)$/;

it('are known for every tool whose code reads them from the environment, by their names', () => {
  const lines = execFileSync(
    'grep',
    ['-rnoE', '--include=*.js', String.raw`process\??\.env\??\.?\[?['"]?\w+`, folder],
    {
      encoding: 'utf8',
      maxBuffer: 10_000_000,
    },
  ).split('\n');
  const found = new Map<string, Set<string>>(installedTools().map((tool) => [tool, new Set()]));
  for (const line of lines) {
    const [file = ''] = line.split(':');
    const [tool = ''] = file.slice(folder.length + 1).split('/');
    const name = /(\w+)$/.exec(line)?.[1] ?? '';
    if (!/_+tests?_+/.test(file) && !others.test(name) && !(name in fixedEnvironment)) found.get(tool)?.add(name);
  }
  const usable = [...found].filter(([tool]) => whyUnusable(tool) === undefined);
  expect(usable.filter(([, names]) => names.size > 0).length).toBeGreaterThan(12);
  expect(Object.fromEntries(usable.map(([tool, names]) => [tool, [...names].sort()]))).toEqual(
    Object.fromEntries(usable.map(([tool]) => [tool, [...partnerCredentials(tool)].sort()])),
  );
});
