import { Aws, Duration, NestedStack, type RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { CfnEventSourceMapping, type CfnEventSourceMappingProps } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { env } from '../../lambdas/core/contract/environment.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { KafkaSource } from '../../lambdas/core/sources/kafka.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import type { Batch } from '../lake/jobs.ts';
import type { Lake } from '../lake/lake.ts';
import type { Profiles } from '../profiles/profiles.ts';
import { clusterGrants, networkGrant } from './topic-grants.ts';
import { type TopicSecrets, topicSecrets } from './topic-secrets.ts';

/** Where records of topics go, and how much of the stream they may use. */
export interface TopicsProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly lake: Lake;
  readonly profiles: Profiles;
  readonly events: Stream;
  /** Bytes a second that all imports together may send. */
  readonly bytesPerSecond: number;
  /** The jobs, by whose Glue database loads are counted. */
  readonly batch: Pick<Batch, 'database'>;
  readonly removalPolicy: RemovalPolicy;
}

/** Makes what reads the topics of each source of Kafka, by the source's id. */
export const topicsOf = (
  scope: Construct,
  { sources }: Pick<CdpConfig, 'sources'>,
  props: TopicsProps,
): ReadonlyMap<string, Topics> =>
  new Map(
    sources.flatMap((source) =>
      source.kind === 'kafka'
        ? [[source.id, new Topics(scope, `Topics${pascalCase(source.id)}`, { ...props, source })] as const]
        : [],
    ),
  );

/** Records of a batch at most, and seconds that they wait for it. Lambda gives fewer when they reach 6 MB. */
const batchOfEvents = { batchSize: 500, maximumBatchingWindowInSeconds: 1 };
/** Changes wait for the job anyway, and each batch is a load of its own. */
const batchOfChanges = { batchSize: 5_000, maximumBatchingWindowInSeconds: 60 };

const isOfRecords = ({ rows }: KafkaSource['objects'][number]): boolean => rows === 'records';

/** Whether Lambda connects from a VPC. A cluster of MSK is always in one. */
export const isInVpc = (connection: KafkaSource['connection']): boolean =>
  connection.kind === 'msk' || connection.network !== undefined;

/** How Lambda calls what a source declares. */
const signIns = {
  'scram-512': 'SASL_SCRAM_512_AUTH',
  'scram-256': 'SASL_SCRAM_256_AUTH',
  plain: 'BASIC_AUTH',
  certificate: 'CLIENT_CERTIFICATE_TLS_AUTH',
  none: '',
} as const;

/**
 * Reads the topics of one source: Lambda is a member of a consumer group for each, and a function sends the records.
 * A nested stack, because a template holds 500 resources.
 */
export class Topics extends NestedStack {
  readonly take: HandlerFunction;
  readonly secrets: TopicSecrets;
  readonly source: KafkaSource;

  constructor(scope: Construct, id: string, props: TopicsProps & { readonly source: KafkaSource }) {
    const { source, config, encryption, lake, profiles, events, bytesPerSecond, batch } = props;
    super(scope, id, { description: `Topics of the source ${source.id} of the customer data platform` });
    this.source = source;
    this.take = new HandlerFunction(this, 'Take', {
      handler: 'topics',
      config,
      encryptionKey: encryption.key,
      // A full batch waits for its room on a stream of one shard.
      timeout: Duration.minutes(2),
      environment: {
        [env.sourceId]: source.id,
        [env.profileTable]: profiles.table.tableName,
        [env.eventStream]: events.streamName,
        [env.lakeBucket]: lake.bucket.bucketName,
        [env.lakeDatabase]: batch.database.ref,
        [env.importBytesPerSecond]: String(bytesPerSecond),
      },
    });
    events.grant(this.take, 'kinesis:PutRecords');
    encryption.grantRead(this.take);
    encryption.grantWrite(this.take);
    profiles.grantImportLedger(this.take);
    for (const prefix of this.written) lake.bucket.grantPutUnder(this.take, prefix);
    this.secrets = topicSecrets(this, source, props);
    for (const secret of Object.values(this.secrets)) if (secret) encryption.grantSecret(this.take, secret);
    for (const statement of this.grants()) this.take.addToRolePolicy(statement);
    for (const object of source.objects) this.read(object);
  }

  /** Prefixes of the lake below which the function puts objects: bad records, and changes for the job `records`. */
  get written(): readonly string[] {
    const { id, objects } = this.source;
    return [lakePrefix.quarantine, ...(objects.some(isOfRecords) ? [`${importPrefix.rows}${id}/`] : [])];
  }

  private grants(): PolicyStatement[] {
    const { connection, objects } = this.source;
    if (connection.kind === 'brokers') return isInVpc(connection) ? [networkGrant()] : [];
    const topics = objects.map(({ topic }) => topic);
    return [
      networkGrant(),
      ...clusterGrants(
        connection,
        topics,
        objects.map(({ object }) => this.group(object)),
      ),
    ];
  }

  /** One consumer group for each topic: no other deployment has it, and a changed mapping keeps it. */
  private group(object: string): string {
    const stack = this.nestedStackParent?.stackName ?? '';
    return `cdp-${Aws.ACCOUNT_ID}-${Aws.REGION}-${stack}-${this.source.id}-${object}`;
  }

  /** The resource itself, because the CDK's event sources give the role a policy of AWS that allows more. */
  private read(declared: KafkaSource['objects'][number]): void {
    const { object, topic, startAt } = declared;
    const mapping = new CfnEventSourceMapping(this, `Read${pascalCase(object)}`, {
      functionName: this.take.functionName,
      topics: [topic],
      startingPosition: startAt === 'oldest' ? 'TRIM_HORIZON' : 'LATEST',
      ...(isOfRecords(declared) ? batchOfChanges : batchOfEvents),
      ...this.from({ consumerGroupId: this.group(object) }),
    });
    // Lambda connects as the role, as soon as the mapping is there.
    if (this.take.role) mapping.node.addDependency(this.take.role);
  }

  private from(group: { readonly consumerGroupId: string }): Partial<CfnEventSourceMappingProps> {
    const { connection } = this.source;
    if (connection.kind === 'msk')
      return { eventSourceArn: connection.cluster, amazonManagedKafkaEventSourceConfig: group };
    const { brokers, signIn, network } = connection;
    const secrets = [
      { type: signIns[signIn], uri: this.secrets.signIn?.secretArn },
      { type: 'SERVER_ROOT_CA_CERTIFICATE', uri: this.secrets.authority?.secretArn },
    ];
    const subnets = network?.subnets.map((id) => ({ type: 'VPC_SUBNET', uri: `subnet:${id}` })) ?? [];
    const doors =
      network?.securityGroups.map((id) => ({ type: 'VPC_SECURITY_GROUP', uri: `security_group:${id}` })) ?? [];
    return {
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: brokers } },
      selfManagedKafkaEventSourceConfig: group,
      sourceAccessConfigurations: [...secrets.filter(({ uri }) => uri !== undefined), ...subnets, ...doors],
    };
  }
}
