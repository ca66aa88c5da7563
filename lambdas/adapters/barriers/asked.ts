import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { env } from '../../core/contract/environment.ts';
import type { BarrierDeps, BarrierRules } from '../../core/privacy/event-barriers.ts';
import { required } from '../runtime/environment.ts';
import { readSecret } from '../secrets/secret.ts';
import { eventBarriers } from './event-barriers.ts';
import type { FreshBarriersDeps } from './fresh-barriers.ts';
import { countedAs, hurried, listOfFunction } from './list-of-function.ts';

/** How a function asks about events: its service in metrics, its rules, and where it warns. */
export const askedBarriers = (service: string, rules: BarrierRules, warn: FreshBarriersDeps['warn']): BarrierDeps => ({
  barriers: eventBarriers(rules, {
    list: listOfFunction(warn),
    secret: () => readSecret(new SecretsManagerClient(hurried), required(env.identifierKeySecret)),
  }),
  countSuppressed: countedAs(service),
});
