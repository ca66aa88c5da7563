import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { TokenApi } from '../blocks/token-api.ts';
import type { Profiles } from '../profiles/profiles.ts';

/** Whose profiles operators explain and part. */
export interface AdminApiProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly removalPolicy: RemovalPolicy;
}

/** Operators are few. */
const callsPerSecond = 10;

/** The door for operators: explains who is whom, and undoes wrong merges. Its tokens are its own: one of the profile API opens nothing here. */
export class AdminApi extends Construct {
  readonly operate: HandlerFunction;
  readonly door: TokenApi;

  constructor(scope: Construct, id: string, { config, encryption, profiles, removalPolicy }: AdminApiProps) {
    super(scope, id);
    this.door = new TokenApi(this, 'Door', { name: 'admin API', encryption, removalPolicy, callsPerSecond });
    this.operate = new HandlerFunction(this, 'Operate', {
      handler: 'admin',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.seconds(20),
      environment: {
        [env.profileTable]: profiles.table.tableName,
        [env.identifierKeySecret]: profiles.identifierKeySecret.secretArn,
        [env.adminTokensSecret]: this.door.accessTokens.secretArn,
      },
    });
    profiles.grantReadWrite(this.operate);
    encryption.grantSecret(this.operate, profiles.identifierKeySecret);
    this.door.serve(this.operate);
  }
}
