import { Stack } from 'aws-cdk-lib';
import { beforeAll, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { companies } from '../../../cdp.recipes.ts';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { account, trait } from '../../../lambdas/core/segments/language/people.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const asks = { key: 'at_pro', name: 'Has a pro account', where: account(trait('plan').equals('pro')) };
const others = (config.segments ?? []).filter(({ key }) => companies.segments.every((one) => one.key !== key));
const silent = { ...config, segments: others, destinations: [] };
const configs = { Silent: silent, Asking: { ...silent, segments: [...others, asks] } };

let templates: Record<string, Template> = {};
beforeAll(() => {
  templates = synthesized((app) => {
    for (const [name, one] of Object.entries(configs))
      new CustomerDataPlatform(new Stack(app, name), 'Platform', { config: one });
  });
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** What tend may do with secrets, and whether it may query the table itself and not only its index. */
function grantsOf(stack: string): object {
  const roles = ofType(templates[stack] ?? { Resources: {} }, 'IAM::Role').filter(([name]) => /TendingTend/.test(name));
  const statements = roles.flatMap(
    ([, role]) => at(role, 'Properties.Policies.0.PolicyDocument.Statement') as Statement[],
  );
  const may = (action: string): Statement[] => statements.filter(({ Action }) => [Action].flat().includes(action));
  const tables = may('dynamodb:Query').flatMap(({ Resource }) => [Resource].flat().map((one) => JSON.stringify(one)));
  return {
    secrets: may('secretsmanager:GetSecretValue').length,
    queries: tables.map((one) => (one.includes('/index/') ? 'index' : 'table')).sort(),
  };
}
const hasKey = (stack: string): boolean =>
  ofType(templates[stack] ?? { Resources: {} }, 'Lambda::Function').some(
    ([name, lambda]) =>
      /TendingTend/.test(name) && env.identifierKeySecret in (at(lambda, 'Properties.Environment.Variables') as object),
  );

it('tend reads the key of identifiers and finds the people of accounts only where a segment asks about accounts', () => {
  expect([grantsOf('Silent'), hasKey('Silent')]).toEqual([{ secrets: 0, queries: ['index'] }, false]);
  expect([grantsOf('Asking'), hasKey('Asking')]).toEqual([{ secrets: 1, queries: ['index', 'table'] }, true]);
});
