import { valueAt } from '../../values/json.ts';
import { type Entry, listOf, type Posted, textAt, timeAt, titled, type Vendor } from './entry.ts';
import type { Places } from './places.ts';

/** Events of any vendor that follows Standard Webhooks: `type`, `timestamp` and `data`. */
export const standard: Vendor = {
  read: (posted) => readAt(posted, { type: 'type', time: 'timestamp' }),
  mappings: [
    {
      on: ['*'],
      to: {
        type: 'track',
        event: { '@path': '$.name' },
        userId: { '@path': '$.body.data.user_id' },
        properties: { '@path': '$.body.data' },
        context: { traits: { email: { '@path': '$.body.data.email' }, phone: { '@path': '$.body.data.phone' } } },
      },
    },
  ],
};

/** Reads a body whose places are declared. */
export function readAt({ body }: Posted, { entries, type, id, time }: Places): Entry[] {
  return listOf(entries === undefined ? body : valueAt(body, entries.split('.'))).map((one) => {
    const name = textAt(one, type) ?? '';
    return {
      type: name,
      ...(id !== undefined && { id: textAt(one, id) }),
      ...(time !== undefined && { time: timeAt(one, time) }),
      body: one,
      more: { name: titled(name) },
    };
  });
}
