import { Stack } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
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

/** What the function that imports may do with privacy requests. */
function rightsIn(template: Template): unknown[] {
  const statements = ofType(template, 'IAM::Role').flatMap(([name, { Properties }]) =>
    /ImportsTake/.test(name)
      ? (at({ Properties }, 'Properties.Policies.0.PolicyDocument.Statement') as Statement[])
      : [],
  );
  return statements.filter((one) => JSON.stringify(one).includes('request#')).map(({ Action }) => Action);
}

it('only where deletions erase may imports file requests, and read none', () => {
  const templates = synthesized((app) => {
    for (const deletes of ['unlink', 'erase'])
      new CustomerDataPlatform(new Stack(app, deletes), 'Platform', {
        config: { ...config, sources: [contacts(deletes)] as never },
      });
  });
  const ofImports = (name: string) => rightsIn(templates[name] ?? { Resources: {} });
  expect(ofImports('unlink')).toEqual([]);
  expect(ofImports('erase')).toEqual(['dynamodb:PutItem']);
});
