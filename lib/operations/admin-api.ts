import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { TokenApi } from '../blocks/token-api.ts';
import { actAsOfficer, type OfficerPlace } from './officer.ts';

/** The profiles that operators explain and unmerge, and whose requests privacy officers file. */
export interface AdminApiProps extends OfficerPlace {
  readonly config: string;
  readonly removalPolicy: RemovalPolicy;
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

  constructor(scope: Construct, id: string, { config, removalPolicy, ...place }: AdminApiProps) {
    super(scope, id);
    const { encryption } = place;
    this.door = new TokenApi(this, 'Door', { name: 'admin API', encryption, removalPolicy, callsPerSecond });
    this.operate = new HandlerFunction(this, 'Operate', {
      handler: 'admin',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.seconds(20),
      environment: { [env.adminTokensSecret]: this.door.accessTokens.secretArn },
    });
    actAsOfficer(this.operate, place);
    this.door.serve(this.operate);
  }
}
