import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Destination } from '../../../core/destinations/destination.ts';
import { partsAbout } from './parts-about.ts';

/** Who writes to whom. */
export interface Letters {
  readonly from: string;
  readonly to: readonly string[];
}

/** Sends a mail about each call to fixed addresses by SES; it has ids, and nothing else of a person. */
export const email = (client: SESv2Client, { from, to }: Letters): Destination => ({
  deliver: (items) =>
    Promise.all(
      items.map(async (item) => {
        const line = partsAbout(item).join(' · ');
        await client.send(
          new SendEmailCommand({
            FromEmailAddress: from,
            Destination: { ToAddresses: [...to] },
            Content: {
              Simple: {
                Subject: { Data: line.slice(0, 200) },
                Body: { Text: { Data: `${line}\n${item.call.timestamp}\n${item.id}\n` } },
              },
            },
          }),
        );
        return { kind: 'delivered', requests: 1 };
      }),
    ),
});
