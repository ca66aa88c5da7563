import { CfnOutput, type RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { topicAuthorityOutput, topicSignInOutput } from '../../lambdas/core/contract/outputs.ts';
import type { KafkaSource } from '../../lambdas/core/sources/kafka.ts';
import type { Encryption } from '../blocks/encryption.ts';

/** With what Lambda connects to the brokers of a source. An operator fills the secrets. */
export interface TopicSecrets {
  readonly signIn: Secret | undefined;
  /** The certificate of an authority of the team's own. */
  readonly authority: Secret | undefined;
}

/** A secret, what it begins with, and which part of that is random. */
interface Kept {
  readonly output: string;
  readonly description: string;
  readonly known: Readonly<Record<string, string>>;
  readonly random: string;
}

/** How secrets are encrypted, and how long they stay. */
interface Keeping {
  readonly encryption: Encryption;
  readonly removalPolicy: RemovalPolicy;
}

/** Makes the secrets that the connection of a source needs. */
export function topicSecrets(scope: Construct, { id, connection }: KafkaSource, keeping: Keeping): TopicSecrets {
  if (connection.kind === 'msk') return { signIn: undefined, authority: undefined };
  const { signIn, ownAuthority } = connection;
  return {
    signIn: signIn === 'none' ? undefined : keep(scope, 'SignIn', signInOf(id, signIn), keeping),
    authority: ownAuthority ? keep(scope, 'Authority', authorityOf(id), keeping) : undefined,
  };
}

/** A user of Kafka with a random password, or places for a certificate and its key. */
function signInOf(id: string, signIn: string): Kept {
  const output = topicSignInOutput(id);
  if (signIn !== 'certificate') {
    const description = `Sign-in of the source ${id}: {"username": "<name>", "password": "<password>"}`;
    return { output, description, known: { username: `cdp-${id}` }, random: 'password' };
  }
  const description = `Sign-in of the source ${id}: {"certificate": "<PEM>", "privateKey": "<PEM>"}`;
  return { output, description, known: { certificate: '', privateKey: '' }, random: 'unused' };
}

const authorityOf = (id: string): Kept => ({
  output: topicAuthorityOutput(id),
  description: `Authority of the brokers of the source ${id}: {"certificate": "<PEM>"}`,
  known: { certificate: '' },
  random: 'unused',
});

function keep(scope: Construct, name: string, kept: Kept, { encryption, removalPolicy }: Keeping): Secret {
  const { output, description, known, random } = kept;
  const secret = new Secret(scope, name, {
    description,
    encryptionKey: encryption.key,
    // It must not be empty, and a template must not contain a secret.
    generateSecretString: { secretStringTemplate: JSON.stringify(known), generateStringKey: random },
    removalPolicy,
  });
  new CfnOutput(scope, output, { value: secret.secretArn, description });
  return secret;
}
