import type { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { accessLogFormat } from './access-log-format.ts';
import type { Encryption } from './encryption.ts';
import type { HandlerFunction } from './handler-function.ts';

/** What an API behind access tokens is called, and how often it may be called. */
export interface TokenApiProps {
  /** What the tokens open, e.g. `profile API`. */
  readonly name: string;
  readonly encryption: Encryption;
  readonly removalPolicy: RemovalPolicy;
  /** Calls a second that the API takes before it answers 429. */
  readonly callsPerSecond: number;
}

/** An HTTP API for servers that have an access token, which its function checks. Browsers are not let in: it has no CORS. */
export class TokenApi extends Construct {
  readonly api: HttpApi;
  /** SHA-256 of the access tokens; `npm run token` makes and revokes them. */
  readonly accessTokens: Secret;
  /** Base URL, without the slash that a stage's URL ends in, for clients put their paths behind it. */
  readonly url: string;

  constructor(scope: Construct, id: string, { name, encryption: { key: encryptionKey }, removalPolicy, callsPerSecond }: TokenApiProps) {
    super(scope, id);
    this.accessTokens = new Secret(this, 'AccessTokens', {
      description: `Hashes of the access tokens of the ${name}; npm run token changes them`,
      encryptionKey,
      // A secret must hold something, and a template must not: it begins without tokens, and with a random text that nothing reads.
      generateSecretString: { secretStringTemplate: JSON.stringify({ tokens: [] }), generateStringKey: 'unused' },
      removalPolicy,
    });
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const accessLogs = new LogGroup(this, 'AccessLogs', { retention: RetentionDays.ONE_MONTH, encryptionKey, removalPolicy });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: callsPerSecond, burstLimit: callsPerSecond },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: AccessLogFormat.custom(accessLogFormat) },
    });
    this.url = this.api.apiEndpoint;
  }

  /** Lets a function answer every call; it may read the tokens. */
  serve(fn: HandlerFunction): void {
    this.accessTokens.grantRead(fn);
    this.api.addRoutes({ path: '/{proxy+}', methods: [HttpMethod.ANY], integration: new HttpLambdaIntegration(fn.node.id, fn) });
  }
}
