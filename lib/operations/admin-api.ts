import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { TokenApi } from '../blocks/token-api.ts';
import type { Profiles } from '../profiles/profiles.ts';

/** The profiles that operators explain and unmerge, and whose requests privacy officers file. */
export interface AdminApiProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly removalPolicy: RemovalPolicy;
  /** Days for which the platform keeps what goes by itself, as JSON. */
  readonly retention: string;
}

/** Calls a second: few people operate a platform. */
const callsPerSecond = 10;

/**
 * The API for operators: explains identity decisions, undoes wrong merges, and takes privacy requests. It has its own
 * tokens; those of the profile API do not work here.
 */
export class AdminApi extends Construct {
  readonly operate: HandlerFunction;
  readonly door: TokenApi;

  constructor(scope: Construct, id: string, { config, encryption, profiles, removalPolicy, retention }: AdminApiProps) {
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
        [env.retention]: retention,
        [env.adminTokensSecret]: this.door.accessTokens.secretArn,
      },
    });
    profiles.grantReadWrite(this.operate);
    profiles.grantRequests(this.operate);
    profiles.grantRelease(this.operate);
    encryption.grantSecret(this.operate, profiles.identifierKeySecret);
    this.door.serve(this.operate);
  }
}
