import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { TokenApi } from '../blocks/token-api.ts';
import type { Profiles } from './profiles.ts';

/** The profiles that the API shows, and its rate limit. */
export interface ProfileApiProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly removalPolicy: RemovalPolicy;
  /** Calls a second that the API accepts before it answers 429. @default 100 */
  readonly callsPerSecond?: number | undefined;
}

/** The API for applications: shows the profile of one person to callers with an access token. */
export class ProfileApi extends Construct {
  readonly show: HandlerFunction;
  readonly door: TokenApi;

  constructor(
    scope: Construct,
    id: string,
    { config, encryption, profiles, removalPolicy, callsPerSecond = 100 }: ProfileApiProps,
  ) {
    super(scope, id);
    this.door = new TokenApi(this, 'Door', { name: 'profile API', encryption, removalPolicy, callsPerSecond });
    this.show = new HandlerFunction(this, 'Show', {
      handler: 'profile',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.seconds(10),
      environment: {
        [env.profileTable]: profiles.table.tableName,
        [env.identifierKeySecret]: profiles.identifierKeySecret.secretArn,
        [env.accessTokensSecret]: this.door.accessTokens.secretArn,
      },
    });
    profiles.grantRead(this.show);
    encryption.grantSecret(this.show, profiles.identifierKeySecret);
    this.door.serve(this.show);
  }
}
