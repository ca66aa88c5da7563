import { createHmac, randomBytes } from 'node:crypto';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pMap from 'p-map';
import { withSourceSecret } from '../../../lambdas/adapters/secrets/change-source-secret.ts';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../../platform/aws.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import { required } from '../../platform/stack-outputs.ts';
import { systemSources } from '../findings/systems.ts';
import type { Payment } from '../shop/systems.ts';
import { SystemFailed } from './system-failed.ts';

type Place = Pick<PlatformOutputs, 'emulatorUrl' | 'ingestUrl' | 'stack'>;

/** Requests at a time; more are not faster on two cores. */
const concurrency = 4;

/**
 * Stores the provider's secret as `npm run source -- secret` does, and posts its signed events: one of them twice, and
 * one that somebody else signed. Returns how many were accepted and refused.
 */
export async function postPayments(
  { emulatorUrl, ingestUrl, stack }: Place,
  payments: readonly Payment[],
  onPosted: (posted: number) => void,
): Promise<{ accepted: number; refused: number }> {
  const secret = `whsec_${randomBytes(24).toString('base64url')}`;
  await storeSecret(emulatorUrl, required(stack, output.sourceSecrets), secret);
  const [first] = payments;
  const wanted = [...payments, ...payments.slice(0, 1)].map((payment) => ({ payment, key: secret }));
  const forged = first === undefined ? [] : [{ payment: { ...first, id: 'evt_forged' }, key: 'whsec_of-a-stranger' }];
  let posted = 0;
  const statuses = await pMap(
    [...wanted, ...forged],
    async ({ payment, key }) => {
      const status = await post(`${ingestUrl}/v1/sources/${systemSources.payments}`, payment, key);
      onPosted(++posted);
      return status;
    },
    { concurrency },
  );
  const of = (status: number): number => statuses.filter((each) => each === status).length;
  const [accepted, refused] = [of(200), of(401)];
  if (accepted + refused === statuses.length) return { accepted, refused };
  throw new SystemFailed(`the payment provider got ${[...new Set(statuses)].join(', ')}, and wants 200`);
}

async function storeSecret(emulatorUrl: string, SecretId: string, secret: string): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  const changed = withSourceSecret(SecretString, systemSources.payments, { secret });
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: changed }));
  client.destroy();
}

/** Posts an event of Stripe, signed as Stripe signs. */
async function post(url: string, { id, customer, email, cents, at }: Payment, key: string): Promise<number> {
  const charge = { object: 'charge', id: id.replace('evt_', 'ch_'), customer, amount: cents, currency: 'usd' };
  const body = JSON.stringify({
    ...{ id, type: 'charge.succeeded', created: at / 1000, livemode: true },
    data: { object: { ...charge, status: 'succeeded', billing_details: { email } } },
  });
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
  const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` };
  return (await fetch(url, { method: 'POST', body, headers })).status;
}
