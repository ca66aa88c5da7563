import { Duration, Fn, Names, Size, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Encryption } from '../blocks/encryption.ts';
import type { Lake } from '../lake/lake.ts';
import { analystStatements } from './analyst-permissions.ts';
import { type AnswerColumn, type Question, questions } from './questions.ts';

/** What analysts query, and how much of it at once. */
export interface AnalyticsProps {
  readonly encryption: Encryption;
  readonly lake: Lake;
  /** Name of the Glue database that has the tables, as its reference, so that it is there before the views. */
  readonly database: string;
  /** Prefix of the lake below which the tables are, e.g. `tables/`. */
  readonly tables: string;
  /** What one query may scan before Athena ends it; Athena's price is for bytes scanned. @default Size.gibibytes(100) */
  readonly scanLimit?: Size;
  /** Whether Lake Formation decides about tables, besides IAM. @default false */
  readonly lakeFormation?: boolean;
}

/** Prefix of the lake where Athena leaves results. */
export const resultsPrefix = 'athena-results/';

const resultRetention = Duration.days(30);
/** By Athena's type: the one that the Glue catalog has for it, where they differ. */
const catalogTypes: Readonly<Record<string, string>> = { varchar: 'string', integer: 'int' };

/** Athena for analysts: a workgroup that decides where results go and how much a query may scan, saved queries, views, and what an analyst may do. */
export class Analytics extends Construct {
  readonly workGroup: CfnWorkGroup;
  /** For the roles of analysts and of their tools: the workgroup and the tables, and nothing as it was received. */
  readonly analyst: ManagedPolicy;

  constructor(scope: Construct, id: string, props: AnalyticsProps) {
    super(scope, id);
    const { encryption, lake, database, tables, scanLimit = Size.gibibytes(100), lakeFormation = false } = props;
    lake.bucket.addLifecycleRule({
      prefix: resultsPrefix,
      expiration: resultRetention,
      noncurrentVersionExpiration: Duration.days(1),
    });
    this.workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: Names.uniqueResourceName(this, { maxLength: 128 }),
      description: 'Queries of the customer data platform',
      // A workgroup holds saved queries and a history, both of which the template and the lake have, too.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimit.toBytes(),
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: lake.bucket.s3UrlForObject(resultsPrefix),
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: encryption.key.keyArn },
        },
      },
    });
    for (const question of questions) this.answer(question, database);
    this.analyst = new ManagedPolicy(this, 'Analyst', {
      description:
        'Query the customer data platform: its workgroup and its tables, without what is in the lake as it was received',
      statements: analystStatements(Stack.of(this), {
        workGroup: this.workGroup.ref,
        database,
        bucket: lake.bucket,
        key: encryption.key,
        tables,
        results: resultsPrefix,
        lakeFormation,
      }),
    });
  }

  /** Saves the query of a question, and makes a view of it that tools take for a table. */
  private answer(question: Question, database: string): void {
    const { name, question: description, sql, columns } = question;
    const construct = new Construct(this, name);
    new CfnNamedQuery(construct, 'Query', {
      name,
      description,
      database,
      queryString: sql,
      workGroup: this.workGroup.ref,
    });
    const view = { originalSql: sql, catalog: 'awsdatacatalog', schema: database, columns };
    new CfnTable(construct, 'View', {
      catalogId: Stack.of(this).account,
      databaseName: database,
      tableInput: {
        name,
        description,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        viewOriginalText: `/* Presto View: ${Fn.base64(JSON.stringify(view))} */`,
        viewExpandedText: '/* Presto View */',
        storageDescriptor: { columns: columns.map(catalogColumn), serdeInfo: {} },
        partitionKeys: [],
      },
    });
  }
}

const catalogColumn = ({ name, type }: AnswerColumn): CfnTable.ColumnProperty => ({
  name,
  type: catalogTypes[type] ?? type,
});
