import { Duration, Fn, Names, Size, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Encryption } from '../blocks/encryption.ts';
import type { Lake } from '../lake/lake.ts';
import { analystStatements } from './analyst-permissions.ts';
import { type AnswerColumn, type Question, questions } from './questions.ts';

/** What analysts query, and how much one query may scan. */
export interface AnalyticsProps {
  readonly encryption: Encryption;
  readonly lake: Lake;
  /** Reference of the Glue database with the tables, so that CloudFormation makes it before the views. */
  readonly database: string;
  /** Prefix of the tables in the lake, e.g. `tables/`. */
  readonly tables: string;
  /** Bytes that one query may scan before Athena ends it; Athena bills scanned bytes. @default Size.gibibytes(100) */
  readonly scanLimit?: Size;
  /** Whether Lake Formation controls the tables in addition to IAM. @default false */
  readonly lakeFormation?: boolean;
}

/** Prefix of Athena's results in the lake. */
export const resultsPrefix = 'athena-results/';

/** Anybody can run a query again, so what it found about people need not stay. */
const resultRetention = Duration.days(7);

/** Types of Athena that the Glue catalog calls differently. */
const catalogTypes: Readonly<Record<string, string>> = { varchar: 'string', integer: 'int' };

/** Athena for analysts: a workgroup with a result location and a scan limit, saved queries, views, and a policy. */
export class Analytics extends Construct {
  readonly workGroup: CfnWorkGroup;
  /** Policy for the roles of analysts and of their tools: the workgroup and the tables, but no raw data. */
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
      // The workgroup contains only saved queries and a history, which the template and the lake also have.
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

  /** Saves the query of a question, and makes a view that tools treat as a table. */
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
