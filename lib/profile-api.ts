import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { env } from '../lambdas/core/contract.ts';
import { accessLogFormat } from './access-log-format.ts';
import type { Encryption } from './encryption.ts';
import { HandlerFunction } from './handler-function.ts';
import type { Profiles } from './profiles.ts';

/** What the API shows, and how often. */
export interface ProfileApiProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly removalPolicy: RemovalPolicy;
  /** Calls a second that the API takes before it answers 429. @default 100 */
  readonly callsPerSecond?: number | undefined;
}

/** The door for applications: shows what is known of one person, to whoever has an access token. Browsers are not let in: it has no CORS. */
export class ProfileApi extends Construct {
  readonly show: HandlerFunction;
  /** SHA-256 of the access tokens; `npm run token` makes and revokes them. */
  readonly accessTokens: Secret;
  /** Base URL for applications. */
  readonly url: string;

  constructor(scope: Construct, id: string, { config, encryption, profiles, removalPolicy, callsPerSecond = 100 }: ProfileApiProps) {
    super(scope, id);
    this.accessTokens = new Secret(this, 'AccessTokens', {
      description: 'Hashes of the access tokens of the profile API; npm run token changes them',
      encryptionKey: encryption.key,
      // A secret must hold something, and a template must not: it begins without tokens, and with a random text that nothing reads.
      generateSecretString: { secretStringTemplate: JSON.stringify({ tokens: [] }), generateStringKey: 'unused' },
      removalPolicy,
    });
    this.show = new HandlerFunction(this, 'Show', {
      handler: 'profile',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.seconds(10),
      environment: {
        [env.profileTable]: profiles.table.tableName,
        [env.identifierKeySecret]: profiles.identifierKeySecret.secretArn,
        [env.accessTokensSecret]: this.accessTokens.secretArn,
      },
    });
    profiles.grantRead(this.show);
    profiles.identifierKeySecret.grantRead(this.show);
    this.accessTokens.grantRead(this.show);
    this.url = this.createApi(encryption, removalPolicy, callsPerSecond);
  }

  private createApi({ key: encryptionKey }: Encryption, removalPolicy: RemovalPolicy, rateLimit: number): string {
    const api = new HttpApi(this, 'Api', { createDefaultStage: false });
    api.addRoutes({ path: '/{proxy+}', methods: [HttpMethod.ANY], integration: new HttpLambdaIntegration('Show', this.show) });
    const accessLogs = new LogGroup(this, 'AccessLogs', { retention: RetentionDays.ONE_MONTH, encryptionKey, removalPolicy });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit, burstLimit: rateLimit },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: AccessLogFormat.custom(accessLogFormat) },
    });
    // Without the slash that a stage's URL ends in, for clients put their paths behind it.
    return api.apiEndpoint;
  }
}
