import { SESv2Client } from '@aws-sdk/client-sesv2';
import { email } from '../../../adapters/destinations/native/email.ts';
import { regionOf } from '../../../core/destinations/native-kinds.ts';
import { kindOf, withoutSecret } from './kind.ts';

/** Mails by SES. */
export const kind = kindOf('email', (letters) =>
  withoutSecret(email(new SESv2Client(regionOf(letters.identity)), letters)),
);
