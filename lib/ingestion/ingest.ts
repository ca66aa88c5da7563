import { CfnDeletionPolicy, Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type CfnStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { env } from '../../lambdas/core/contract/environment.ts';
import { accessLogs } from '../blocks/access-logs.ts';
import type { FunctionSize } from '../blocks/capacity-props.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { sourceSecrets } from './source-secrets.ts';

/** How much the API and the stream accept, and where rejected events go. */
export interface IngestProps {
  readonly config: string;
  /** The configuration that `config` has as text. */
  readonly decided: Pick<CdpConfig, 'sources'>;
  readonly encryption: Encryption;
  readonly quarantine: CfnDeliveryStream;
  readonly removalPolicy: RemovalPolicy;
  /**
   * Shards of the event stream, 1 MB/s each; 0 makes the stream on-demand, at twice the price of a well used shard.
   * @default 1
   */
  readonly shards?: number;
  /** Time that an accepted event stays readable on the stream. @default Duration.days(1) */
  readonly retention?: Duration | undefined;
  readonly size?: FunctionSize | undefined;
  /** Requests a second that the API accepts before it answers 429. @default 1000 */
  readonly requestsPerSecond?: number;
}

/** The public API: accepts Segment-spec calls over HTTP and puts them on the event stream, in order per person. */
export class Ingest extends Construct {
  readonly events: Stream;
  readonly collect: HandlerFunction;
  readonly api: HttpApi;
  /** The secrets of sources that sign; undefined if there is no such source. */
  readonly sourceSecrets: Secret | undefined;
  /** Shards of the event stream; 0 if it is on-demand. */
  readonly shards: number;
  /** Base URL for SDKs. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: IngestProps) {
    super(scope, id);
    const { config, encryption, quarantine, removalPolicy, shards = 1, retention = Duration.days(1) } = props;
    this.events = new Stream(this, 'Events', {
      ...(shards === 0
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: shards }),
      retentionPeriod: retention,
      encryption: StreamEncryption.KMS,
      encryptionKey: encryption.key,
      removalPolicy,
    });
    // The raw zone has the same events. If an update replaces the stream, the old one may still have unread events.
    (this.events.node.defaultChild as CfnStream).cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    this.collect = new HandlerFunction(this, 'Collect', {
      ...props.size,
      handler: 'collect',
      config,
      encryptionKey: encryption.key,
      environment: { [env.eventStream]: this.events.streamName, [env.quarantineStream]: quarantine.ref },
    });
    this.events.grant(this.collect, 'kinesis:PutRecords');
    encryption.grantWrite(this.collect);
    this.collect.addToRolePolicy(
      new PolicyStatement({ actions: ['firehose:PutRecordBatch'], resources: [quarantine.attrArn] }),
    );
    const signs = props.decided.sources.some(({ kind }) => kind === 'webhook');
    this.sourceSecrets = signs ? sourceSecrets(this, this.collect, { encryption, removalPolicy }) : undefined;
    this.shards = shards;
    this.api = this.createApi(encryption, removalPolicy, props.requestsPerSecond ?? 1000);
    // Without a trailing slash, because clients append their paths to it.
    this.url = this.api.apiEndpoint;
  }

  private createApi(encryption: Encryption, removalPolicy: RemovalPolicy, rateLimit: number): HttpApi {
    const api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      // Any site may send events: a write key in a page is public, and the API uses no browser credentials.
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.HEAD, CorsHttpMethod.POST, CorsHttpMethod.OPTIONS],
        // The wildcard does not include authorization in browsers.
        allowHeaders: ['authorization', '*'],
        maxAge: Duration.hours(24),
      },
    });
    api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Collect', this.collect),
    });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit, burstLimit: rateLimit * 2 },
      accessLogSettings: accessLogs(this, encryption, removalPolicy),
    });
    return api;
  }
}
