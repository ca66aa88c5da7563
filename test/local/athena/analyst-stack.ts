import { CfnOutput, DefaultStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { AccountRootPrincipal, type ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Analytics } from '../../../lib/analytics/analytics.ts';
import { Encryption } from '../../../lib/blocks/encryption.ts';
import { Lake } from '../../../lib/lake/lake.ts';
import { synthesized } from '../../infra/unbundled.ts';

export const database = 'shop';

/** A view as Athena keeps it in the catalog. */
const view = (
  stack: Stack,
  databaseName: string,
  name: string,
  sql: string,
  columns?: readonly { name: string; type: string }[],
) =>
  new CfnTable(stack, name, {
    catalogId: stack.account,
    databaseName,
    tableInput: {
      name,
      tableType: 'VIRTUAL_VIEW',
      viewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify({ originalSql: sql, schema: database, columns })).toString('base64')} */`,
    },
  });

/** What a test reads of the template. */
interface BucketsTemplate {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Properties?: {
          readonly LifecycleConfiguration?: {
            readonly Rules: readonly { Prefix?: string; ExpirationInDays?: number }[];
          };
        };
      }
    >
  >;
}

/** The platform's lake and analytics, with views and roles beside them that a test needs. */
export function analystTemplate(): BucketsTemplate {
  const { Analysts: template } = synthesized((app) => {
    const stack = new Stack(app, 'Analysts', {
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    const removalPolicy = RemovalPolicy.DESTROY;
    const encryption = new Encryption(stack, 'Encryption', { removalPolicy });
    const lake = new Lake(stack, 'Lake', { encryption, removalPolicy });
    const { ref } = new CfnDatabase(stack, 'Database', {
      catalogId: stack.account,
      databaseName: database,
      databaseInput: {},
    });
    const { workGroup, analyst } = new Analytics(stack, 'Analytics', {
      encryption,
      lake,
      database: ref,
      tables: 'tables/',
    });
    view(
      stack,
      ref,
      'per_country',
      'SELECT country, count(*) AS orders, sum(pieces) AS pieces FROM orders JOIN people USING (person) GROUP BY 1',
    );
    view(stack, ref, 'known_countries', 'SELECT country, pieces FROM per_country WHERE country IS NOT NULL');
    const total = { name: 'total', type: 'bigint' };
    view(stack, ref, 'more_columns', 'SELECT total FROM orders', [{ name: 'total', type: 'decimal(18,4)' }, total]);
    view(stack, ref, 'other_type', 'SELECT total FROM orders', [total]);
    const role = (name: string, actions: string[], managedPolicies: ManagedPolicy[] = []) => {
      const made = new Role(stack, name, { assumedBy: new AccountRootPrincipal(), managedPolicies });
      if (actions.length > 0) made.addToPolicy(new PolicyStatement({ actions, resources: ['*'] }));
      new CfnOutput(stack, `${name}Arn`, { value: made.roleArn });
    };
    role('Analyst', [], [analyst]);
    role('WithoutTables', ['athena:*', 'glue:*']);
    role('WithoutCatalog', ['athena:*', 's3:*']);
    new CfnOutput(stack, 'Bucket', { value: lake.bucket.bucketName });
    new CfnOutput(stack, 'WorkgroupName', { value: workGroup.ref });
    new CfnOutput(stack, 'DatabaseName', { value: ref });
  });
  return template as unknown as BucketsTemplate;
}
