import type { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';

/**
 * Makes the one secret that holds the secrets of all sources that sign, and lets collect read it. One secret, so that a
 * request for an unknown source costs the same as one for a known source.
 */
export function sourceSecrets(
  scope: Construct,
  collect: HandlerFunction,
  { encryption, removalPolicy }: { readonly encryption: Encryption; readonly removalPolicy: RemovalPolicy },
): Secret {
  const secret = new Secret(scope, 'SourceSecrets', {
    description: 'Secrets of the sources that sign: {"<source>": {"secrets": ["<new>", "<old>"]}}',
    encryptionKey: encryption.key,
    // A secret must not be empty, and a template must not contain one: it starts with a random text that nothing reads.
    generateSecretString: { secretStringTemplate: JSON.stringify({}), generateStringKey: 'unused' },
    removalPolicy,
  });
  encryption.grantSecret(collect, secret);
  collect.addEnvironment(env.sourceSecrets, secret.secretArn);
  return secret;
}
