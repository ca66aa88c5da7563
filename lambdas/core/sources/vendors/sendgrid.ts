import { type Entry, listOf, textAt, timeAt, titled, type Vendor } from './entry.ts';

/** What happens to mails, by Segment's names of such events. */
const names = new Map([
  ['delivered', 'Email Delivered'],
  ['open', 'Email Opened'],
  ['click', 'Email Link Clicked'],
  ['bounce', 'Email Bounced'],
  ['dropped', 'Email Dropped'],
  ['spamreport', 'Email Marked as Spam'],
  ['unsubscribe', 'Unsubscribed'],
  ['group_unsubscribe', 'Unsubscribed'],
]);

/** SendGrid's list of events about mails. */
export const sendgrid: Vendor = {
  read: ({ body }) =>
    listOf(body).map((one): Entry => {
      const type = textAt(one, 'event') ?? '';
      const more = { name: names.get(type) ?? `Email ${titled(type)}` };
      return { type, id: textAt(one, 'sg_event_id'), time: timeAt(one, 'timestamp'), body: one, more };
    }),
  mappings: [
    {
      on: ['processed', 'deferred', 'group_resubscribe', ...names.keys()],
      to: {
        type: 'track',
        event: { '@path': '$.name' },
        properties: {
          email_id: { '@path': '$.body.sg_message_id' },
          category: { '@path': '$.body.category' },
          link_url: { '@path': '$.body.url' },
          reason: { '@path': '$.body.reason' },
        },
        context: { traits: { email: { '@path': '$.body.email' } } },
      },
    },
  ],
};
