import type { RemovalPolicy } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { accessLogs } from './access-logs.ts';
import type { Encryption } from './encryption.ts';
import type { HandlerFunction } from './handler-function.ts';

/** The name of an API with access tokens, and its rate limit. */
export interface TokenApiProps {
  /** What the tokens give access to, e.g. `profile API`. */
  readonly name: string;
  readonly encryption: Encryption;
  readonly removalPolicy: RemovalPolicy;
  /** Calls a second that the API accepts before it answers 429. */
  readonly callsPerSecond: number;
}

/**
 * An HTTP API for servers with an access token, which its function checks. It has no CORS, so browsers cannot call it.
 */
export class TokenApi extends Construct {
  readonly api: HttpApi;
  /** SHA-256 hashes of the access tokens; `npm run token` makes and revokes them. */
  readonly accessTokens: Secret;
  /** Base URL without a trailing slash, because clients append their paths to it. */
  readonly url: string;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, { name, encryption, removalPolicy, callsPerSecond }: TokenApiProps) {
    super(scope, id);
    this.encryption = encryption;
    this.accessTokens = new Secret(this, 'AccessTokens', {
      description: `Hashes of the access tokens of the ${name}; npm run token changes them`,
      encryptionKey: encryption.key,
      // A secret must not be empty, and a template must not contain one: it starts without tokens and with a random
      // text that nothing reads.
      generateSecretString: { secretStringTemplate: JSON.stringify({ tokens: [] }), generateStringKey: 'unused' },
      removalPolicy,
    });
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: callsPerSecond, burstLimit: callsPerSecond },
      accessLogSettings: accessLogs(this, encryption, removalPolicy),
    });
    this.url = this.api.apiEndpoint;
  }

  /** Lets a function answer every call and read the tokens. */
  serve(fn: HandlerFunction): void {
    this.encryption.grantSecret(fn, this.accessTokens);
    this.api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration(fn.node.id, fn),
    });
  }
}
