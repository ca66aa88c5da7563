import { SNSClient } from '@aws-sdk/client-sns';
import { snsTopic } from '../../../adapters/destinations/native/sns-topic.ts';
import { regionOf } from '../../../core/destinations/native-kinds.ts';
import { kindOf, withoutSecret } from './kind.ts';

/** A topic of SNS. */
export const kind = kindOf('sns', ({ topic }) => withoutSecret(snsTopic(new SNSClient(regionOf(topic)), topic)));
