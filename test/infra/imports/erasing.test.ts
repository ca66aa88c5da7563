import { Stack } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const contacts = (deletes: string) => ({
  id: 'contacts',
  kind: 'files',
  objects: [
    {
      ...{ object: 'contacts', rows: 'records', key: ['id'], deletes },
      mappings: [{ to: { type: 'identify', context: { externalIds: [{ id: '1', type: 'crm' }] } } }],
    },
  ],
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Condition?: unknown;
}

/** What the function that imports may do with the secret of identifiers and with privacy requests. */
function rightsIn(template: Template): object {
  const statements = ofType(template, 'IAM::Role').flatMap(([name, { Properties }]) =>
    /ImportsTake/.test(name)
      ? (at({ Properties }, 'Properties.Policies.0.PolicyDocument.Statement') as Statement[])
      : [],
  );
  const [lambda] = ofType(template, 'Lambda::Function').filter(([name]) => /ImportsTake/.test(name));
  const text = (of: Statement) => JSON.stringify(of);
  return {
    secrets: statements.filter((one) => text(one).includes('secretsmanager:GetSecretValue')).length,
    requests: statements.filter((one) => text(one).includes('request#')).map(({ Action }) => Action),
    hasKey: env.identifierKeySecret in (at(lambda?.[1], 'Properties.Environment.Variables') as object),
  };
}

it('only where deletions erase may imports file requests, and read the key that these need, but no request', () => {
  const templates = synthesized((app) => {
    for (const deletes of ['unlink', 'erase'])
      new CustomerDataPlatform(new Stack(app, deletes), 'Platform', {
        config: { ...config, sources: [contacts(deletes)] as never },
      });
  });
  const ofImports = (name: string) => rightsIn(templates[name] ?? { Resources: {} });
  expect(ofImports('unlink')).toEqual({ secrets: 0, requests: [], hasKey: false });
  expect(ofImports('erase')).toEqual({ secrets: 1, requests: ['dynamodb:PutItem'], hasKey: true });
});
