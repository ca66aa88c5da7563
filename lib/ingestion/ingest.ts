import { CfnDeletionPolicy, Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type CfnStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import { accessLogs } from '../blocks/access-logs.ts';
import type { FunctionSize } from '../blocks/capacity-props.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';

/** How much comes in, and where what is refused goes. */
export interface IngestProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly quarantine: CfnDeliveryStream;
  readonly removalPolicy: RemovalPolicy;
  /** Shards of the event stream, each 1 MB/s; 0 lets Kinesis decide, at twice the price of a well used shard. @default 1 */
  readonly shards?: number;
  /** How long an accepted event can be read again from the stream. @default Duration.days(1) */
  readonly retention?: Duration | undefined;
  readonly size?: FunctionSize | undefined;
  /** Requests a second that the API takes before it answers 429. @default 1000 */
  readonly requestsPerSecond?: number;
}

/** The public door: takes Segment-spec calls over HTTP and puts them, in order per person, on the event stream. */
export class Ingest extends Construct {
  readonly events: Stream;
  readonly collect: HandlerFunction;
  readonly api: HttpApi;
  /** Of the event stream; 0 where Kinesis decides. */
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
    // What it holds is in the raw zone, too, and gone after a day; a stream that an update replaces may have events that nobody read yet.
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
    this.shards = shards;
    this.api = this.createApi(encryption, removalPolicy, props.requestsPerSecond ?? 1000);
    // Without the slash that a stage's URL ends in, for clients put their paths behind it.
    this.url = this.api.apiEndpoint;
  }

  private createApi(encryption: Encryption, removalPolicy: RemovalPolicy, rateLimit: number): HttpApi {
    const api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      // Any site may send; a write key in the page is public, and credentials are never asked for.
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.HEAD, CorsHttpMethod.POST, CorsHttpMethod.OPTIONS],
        // Browsers leave authorization out of the wildcard.
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
