import { CustomResource, Duration } from 'aws-cdk-lib';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { env } from '../../lambdas/core/contract/environment.ts';
import { aggregatesOf, programsOf } from '../../lambdas/core/segments/history/registry.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import type { Profiles } from './profiles.ts';

/** The profiles that keep aggregates, and the definitions that need these. */
export interface RegistrationProps {
  /** The configuration in the form that functions carry. */
  readonly config: string;
  readonly decided: CdpConfig;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  /** Functions that write profiles: they have their new code before an aggregate is registered. */
  readonly writers: readonly HandlerFunction[];
  /** What brings the first events, when all is registered. */
  readonly records: EventSourceMapping;
}

/**
 * Registers during the deployment since when each aggregate of segments and computed traits counts, so that a new one
 * gets the history from before.
 */
export class Registration extends Construct {
  readonly register: HandlerFunction;

  constructor(
    scope: Construct,
    id: string,
    { config, decided, encryption, profiles, writers, records }: RegistrationProps,
  ) {
    super(scope, id);
    this.register = new HandlerFunction(this, 'Register', {
      handler: 'registry',
      config,
      encryptionKey: encryption.key,
      environment: { [env.registryTable]: profiles.table.tableName },
      timeout: Duration.minutes(1),
    });
    profiles.grantRegister(this.register);
    const registered = new CustomResource(this, 'Registered', {
      serviceToken: this.register.functionArn,
      resourceType: 'Custom::AggregateRegistry',
      serviceTimeout: Duration.minutes(2),
      // As text, because CloudFormation turns numbers and booleans into text. A changed text calls the function again.
      properties: {
        Aggregates: JSON.stringify(aggregatesOf(decided).sort()),
        Programs: JSON.stringify(programsOf(decided)),
      },
    });
    registered.node.addDependency(...writers);
    records.node.addDependency(registered);
  }
}
