import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { combinations, stacks, templateFiles } from '../combinations.ts';
import { broken } from '../rules/all.ts';
import { wholeTemplate } from '../rules/whole.ts';

describe.each(Object.entries(combinations))('%s', (name, { otherwise }) => {
  it('keeps every rule that says no default', () => {
    const template = wholeTemplate(templateFiles.get(name) ?? '');
    expect(broken(template).filter(({ rule }) => !otherwise.test(rule))).toEqual([]);
  });
});

it('is found nothing in by cdk-nag', () => {
  const app = stacks[0]?.node.root as App;
  const { violations } = new AwsSolutionsChecks().validateScope(app);
  expect(stacks.length).toBe(3);
  expect(
    violations.map(({ ruleName, violatingResources }) => [
      ruleName,
      violatingResources.map(({ constructPath }) => constructPath),
    ]),
  ).toEqual([]);
});
