import { type Entry, textAt, titled, type Vendor } from './entry.ts';

/** Twilio's news about messages, a form for each. Twilio does not tell when it happened. */
export const twilio: Vendor = {
  read: ({ body }): Entry[] => {
    const status = textAt(body, 'MessageStatus') ?? textAt(body, 'SmsStatus') ?? '';
    const message = textAt(body, 'MessageSid') ?? textAt(body, 'SmsSid');
    const number = textAt(body, status === 'received' ? 'From' : 'To');
    const phone = number?.replace(/^(?:whatsapp|rcs):/, '');
    const type = `message.${status}`;
    return [{ type, id: message && `${message}.${status}`, body, more: { name: titled(type), phone } }];
  },
  mappings: [
    {
      on: ['message.*'],
      to: {
        type: 'track',
        event: { '@path': '$.name' },
        properties: {
          message_id: { '@path': '$.body.MessageSid' },
          from: { '@path': '$.body.From' },
          error_code: { '@path': '$.body.ErrorCode' },
        },
        context: { traits: { phone: { '@path': '$.phone' } } },
      },
    },
  ],
};
